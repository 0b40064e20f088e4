using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Ops;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.TorchSharp.Tests.Ops.OpInput;

namespace MLNetExtensions.TorchSharp.Tests.Ops;

/// <summary>Ops that behave differently in a training step, and all ops' computing in bfloat16.</summary>
public sealed class TrainingModeTests
{
    [Fact]
    public void BatchNormalizationUpdatesRunningStatisticsAsPyTorchDoes()
    {
        using IDisposable scope = torch.NewDisposeScope();
        // One channel with the values 1, 2, 3, 6: mean 3, unbiased variance 14 / 3, biased 3.5. ONNX's momentum 0.7 keeps 0.7.
        Tensor[] tensors = [torch.tensor([1f, 2, 3, 6]).reshape(2, 1, 2, 1), torch.tensor([2f]), torch.tensor([1f]), torch.tensor([10f]), torch.tensor([20f])];

        Tensor y = Run("BatchNormalization", [2, 1, 2, 1], tensors, Training(), Of("momentum", 0.7f), Of("epsilon", 0.5f))[0];

        Assert.Equal(7.9, tensors[3].ToDouble(), 1e-5);
        Assert.Equal((0.7 * 20) + (0.3 * 14 / 3), tensors[4].ToDouble(), 1e-5);
        Assert.Equal(1 + (2 * (6 - 3) / Math.Sqrt(3.5 + 0.5)), y[1, 0, 1, 0].ToDouble(), 1e-5);
    }

    [Fact]
    public void BatchNormalizationUsesRunningStatisticsWhereOneValueHasNoVariance()
    {
        using IDisposable scope = torch.NewDisposeScope();
        Tensor[] tensors = [torch.tensor([5f]).reshape(1, 1, 1, 1), torch.tensor([1f]), torch.tensor([0f]), torch.tensor([3f]), torch.tensor([4f])];

        Tensor y = Run("BatchNormalization", [1, 1, 1, 1], tensors, Training())[0];

        Assert.Equal(1, y.ToDouble(), 1e-4);
        Assert.Equal((3f, 4f), (tensors[3].ToSingle(), tensors[4].ToSingle()));
    }

    [Fact]
    public void DropoutDropsItsShareAndScalesTheRest()
    {
        using IDisposable scope = torch.NewDisposeScope();
        var opCase = new OpCase("Dropout", "Dropout", [Range(1, 1.0001, 100, 100), Scalar(0.3f)]);

        float[] values = [.. Run(opCase, Training(seed: 3)).data<float>()];
        float[] again = [.. Run(opCase, Training(seed: 3)).data<float>()], others = [.. Run(opCase, Training(seed: 4)).data<float>()];

        Assert.Equal(0.3, values.Count(v => v == 0) / 1e4, 0.02);
        Assert.All(values.Where(v => v != 0), v => Assert.Equal(1 / 0.7, v, 1e-3));
        Assert.Equal(values, again);
        Assert.NotEqual(values, others);
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    public void ProductsComputeInBFloat16WhenTheRunSaysSo(string opType)
    {
        using IDisposable scope = torch.NewDisposeScope();
        OpCase opCase = opType == "Conv" ? new("c", opType, [Floats(2, 3, 6, 6), Floats(4, 3, 3, 3), Floats(4)]) : new("m", opType, [Floats(5, 7), Floats(7, 3)]);
        RunContext half = Training();

        Tensor exact = Run(opCase, KernelRun.Inference(torch.ScalarType.Float32));
        Tensor rounded = Run(opCase, new RunContext { Device = torch.CPU, ComputeType = torch.ScalarType.BFloat16, Generator = half.Generator });

        Assert.Equal(torch.ScalarType.BFloat16, rounded.dtype);
        Assert.InRange(rounded.to(torch.ScalarType.Float32).sub(exact).abs().max().ToSingle(), 0, 0.05);
    }

    [Fact]
    public void ConvolutionsKeepChannelsLast()
    {
        using IDisposable scope = torch.NewDisposeScope();
        var opCase = new OpCase("c", "Conv", [Floats(2, 3, 6, 6), Floats(4, 3, 3, 3)], Of("pads", 0L, 0, 1, 1), Of("strides", 2L, 2));

        Tensor y = Run(opCase, KernelRun.Inference(torch.ScalarType.Float32));

        Assert.Equal(1, y.stride(1));
    }

    private static RunContext Training(ulong seed = 1) => new()
    {
        Device = torch.CPU,
        ComputeType = torch.ScalarType.Float32,
        Generator = new torch.Generator(seed),
        Training = true,
        BatchNormTraining = true,
        DropoutEnabled = true,
    };

    private static Tensor Run(OpCase opCase, RunContext run)
    {
        using var kernel = new KernelRun(opCase, OnnxRuntimeReference.Run(opCase));
        return kernel.Run(kernel.Inputs(torch.ScalarType.Float32), run)[0];
    }

    private static Tensor[] Run(string opType, long[] shape, Tensor[] tensors, RunContext run, params OnnxAttribute[] attributes)
    {
        var opCase = new OpCase(opType, opType, [.. tensors.Select(t => Floats(t.shape))], attributes);
        using var kernel = new KernelRun(opCase, [new OpResult(OnnxElementType.Float, shape, [])]);
        return kernel.Run(tensors, run);
    }
}
