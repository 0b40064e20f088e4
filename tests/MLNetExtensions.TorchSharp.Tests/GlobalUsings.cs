global using global::TorchSharp;
global using Tensor = global::TorchSharp.torch.Tensor;
