// @ts-nocheck: the packages are installed by `npm run bench` only
/** onnxruntime-web on WebGPU: a graph of one product, its operands on the device. */
import * as ort from 'onnxruntime-web/webgpu';

export async function openOrt() {
  ort.env.logLevel = 'error';
  const model = matmulModel();
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = await ort.env.webgpu.device;
  const onDevice = (data, dims) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const gpuBuffer = device.createBuffer({ size: 4 * data.length, usage });
    device.queue.writeBuffer(gpuBuffer, 0, data);
    return ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: 'float32', dims });
  };
  return {
    matmul(a, b, [m, k, n]) {
      const [A, B] = [onDevice(a, [m, k]), onDevice(b, [k, n])];
      const corner = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
      let last = null;
      const many = async (count) => {
        for (let k = 0; k < count; k++) {
          last?.dispose();
          ({ C: last } = await session.run({ A, B })); // encoded, not yet computed
        }
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(last.gpuBuffer, 0, corner, 0, 16);
        device.queue.submit([encoder.finish()]);
        await corner.mapAsync(GPUMapMode.READ);
        corner.unmap();
      };
      return {
        run: () => many(1),
        many,
        result: () => last.getData(),
      };
    },
  };
}

/** C = A B as an ONNX model, in the wire format of protocol buffers: fields as in onnx.proto, IR version 8, opset 13. */
function matmulModel() {
  const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
  const number = (field, value) => [field << 3, ...varint(value)];
  const bytes = (field, content) => [(field << 3) | 2, ...varint(content.length), ...content];
  const text = (field, value) => bytes(field, [...new TextEncoder().encode(value)]);
  const FLOAT = 1;
  const dimension = (name) => bytes(1, text(2, name));
  const value = (name, rows, columns) => {
    const shape = [...dimension(rows), ...dimension(columns)];
    const tensor = [...number(1, FLOAT), ...bytes(2, shape)];
    return [...text(1, name), ...bytes(2, bytes(1, tensor))];
  };
  const node = [...text(1, 'A'), ...text(1, 'B'), ...text(2, 'C'), ...text(4, 'MatMul')];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'product'),
    ...bytes(11, value('A', 'm', 'k')),
    ...bytes(11, value('B', 'k', 'n')),
    ...bytes(12, value('C', 'm', 'n')),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))]);
}
