global using global::TorchSharp;
global using OpRegistration = MLNetExtensions.Onnx.Operators.OpRegistration<System.Func<
    MLNetExtensions.TorchSharp.Ops.OpCompilation,
    MLNetExtensions.TorchSharp.Ops.OpKernel
>>;
global using Tensor = global::TorchSharp.torch.Tensor;
