global using global::TorchSharp;
global using MLNetExtensions.TestData;
global using Tensor = global::TorchSharp.torch.Tensor;
global using Xunit;
