global using global::TorchSharp;
global using Tensor = global::TorchSharp.torch.Tensor;
global using OpRegistration = MLNetExtensions.Onnx.Lowering.OpRegistration<System.Func<MLNetExtensions.TorchSharp.Ops.OpCompilation, MLNetExtensions.TorchSharp.Ops.OpKernel>>;
