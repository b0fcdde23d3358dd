// The drawings before and after the one on the pad, for undo and redo.

const MAX_STEPS = 100;

export class History {
  #past = [];
  #future = [];

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  // Keep a drawing that another one takes the place of.
  add(drawing) {
    this.#past = [...this.#past, drawing].slice(-MAX_STEPS);
    this.#future = [];
  }

  // Both take the drawing that is on the pad, and return the one that is to be.
  undo(drawing) {
    this.#future.push(drawing);
    return this.#past.pop();
  }

  redo(drawing) {
    this.#past.push(drawing);
    return this.#future.pop();
  }
}
