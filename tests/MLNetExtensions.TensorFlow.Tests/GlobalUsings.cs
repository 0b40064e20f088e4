global using MLNetExtensions.TensorFlow.Graphs;
global using MLNetExtensions.TensorFlow.Native;
global using OpRegistration = MLNetExtensions.Onnx.Operators.OpRegistration<MLNetExtensions.TensorFlow.Ops.OpKernel>;
