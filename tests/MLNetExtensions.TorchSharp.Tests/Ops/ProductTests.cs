using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TrainingContract.Ops;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TrainingContract.Ops.OpInput;

namespace MLNetExtensions.TorchSharp.Tests.Ops;

/// <summary>The number type and the layout in which products are computed.</summary>
public sealed class ProductTests
{
    [Theory]
    [InlineData("Conv")]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    public void Products_compute_in_BFloat16_when_the_run_says_so(string opType)
    {
        using IDisposable scope = torch.NewDisposeScope();
        OpCase opCase =
            opType == "Conv"
                ? new("c", opType, [Floats(2, 3, 6, 6), Floats(4, 3, 3, 3), Floats(4)])
                : new("m", opType, [Floats(5, 7), Floats(7, 3)]);

        Tensor exact = Run(opCase, KernelRun.Inference(torch.ScalarType.Float32));
        Tensor rounded = Run(
            opCase,
            new RunContext
            {
                Device = torch.CPU,
                ComputeType = torch.ScalarType.BFloat16,
                Generator = new torch.Generator(1),
            }
        );

        Assert.Equal(torch.ScalarType.BFloat16, rounded.dtype);
        Assert.InRange(rounded.to(torch.ScalarType.Float32).sub(exact).abs().max().ToSingle(), 0, 0.05);
    }

    [Fact]
    public void Convolutions_keep_channels_last()
    {
        using IDisposable scope = torch.NewDisposeScope();
        var opCase = new OpCase("c", "Conv", [Floats(2, 3, 6, 6), Floats(4, 3, 3, 3)], Of("pads", 0L, 0, 1, 1), Of("strides", 2L, 2));

        Tensor y = Run(opCase, KernelRun.Inference(torch.ScalarType.Float32));

        Assert.Equal(1, y.stride(1));
    }

    private static Tensor Run(OpCase opCase, RunContext run)
    {
        using var kernel = new KernelRun(opCase, OnnxRuntimeReference.Run(opCase));
        return kernel.Run(kernel.Inputs(torch.ScalarType.Float32), run)[0];
    }
}
