// The network in TensorFlow.js, whose wasm backend computes at once: Python gets no promise.
// The operations are those of digits/page/static/network.py.

const PADDINGS = { SAME_UPPER: "same", VALID: "valid" };

const OPERATORS = {
  Conv: (x, [kernel, bias], { strides, auto_pad }) => {
    const filtered = tf.conv2d(x, kernel, strides, PADDINGS[auto_pad]);
    return bias ? tf.add(filtered, bias) : filtered;
  },
  BatchNormalization: (x, [scale, offset, mean, variance], { epsilon }) =>
    tf.batchNorm(x, mean, variance, offset, scale, epsilon),
  MaxPool: (x, _, { kernel_shape, strides, auto_pad }) =>
    tf.maxPool(x, kernel_shape, strides, PADDINGS[auto_pad]),
  Flatten: (x) => tf.reshape(x, [x.shape[0], -1]),
  Gemm: (x, [kernel, bias]) => {
    const product = tf.matMul(x, kernel);
    return bias ? tf.add(product, bias) : product;
  },
  Relu: (x) => tf.relu(x),
};

// Returns a function of a Python array, float32 (n, 28, 28): the features and logits as two
// Float32Arrays.
async function loadNetwork(operations, weights, folder) {
  tf.wasm.setWasmPaths(folder);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // one drawing is too little work to share
  await tf.setBackend("wasm");
  await tf.ready();
  let offset = 0;
  const layers = operations.map(({ operator, shapes, attributes }) => {
    const arrays = shapes.map((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const array = tf.tensor(new Float32Array(weights, offset, size), shape);
      offset += 4 * size;
      return array;
    });
    return (x) => OPERATORS[operator](x, arrays, attributes);
  });

  function run(modelInput) {
    const buffer = modelInput.getBuffer("f32");
    try {
      return tf.tidy(() => {
        let x = tf.tensor(buffer.data, [...buffer.shape, 1]);
        let features;
        for (const layer of layers) [features, x] = [x, layer(x)];
        return [features.dataSync(), x.dataSync()];
      });
    } finally {
      buffer.release();
    }
  }
  return run;
}
