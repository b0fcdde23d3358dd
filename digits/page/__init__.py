"""The page: Gradio around the reading wing."""
