using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>Images, convolution weights and activations have NHWC strides, forward and backward.</summary>
public class ChannelsLastTests
{
    [Fact]
    public void Convolutions_keep_the_strides_of_inputs_and_weights()
    {
        using IDisposable scope = torch.NewDisposeScope();
        using var store = new ParameterStore(
            [Batches.Weight(new Random(1), "w", 8, 3, 3, 3)],
            [],
            new Dictionary<string, ParameterRule> { ["w"] = new(new Sgd(), new ParameterGroup(1, 1)) },
            torch.CPU
        );
        using var buffer = new InputBuffer(new TensorType(OnnxElementType.Float, [2, 3, 16, 16]), torch.CPU);
        Tensor weight = store.TensorOf("w");
        Tensor convolved = torch.nn.functional.conv2d(buffer.Tensor, weight);
        AssertChannelsLast(buffer.Tensor);
        AssertChannelsLast(weight);
        AssertChannelsLast(convolved);
        convolved.relu().sum().backward();
        AssertChannelsLast(weight.grad!);
    }

    [Fact]
    public void Inputs_arrive_in_their_own_order()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (float)i)];
        using var buffer = new InputBuffer(new TensorType(OnnxElementType.Float, [2, 3, 4, 5]), torch.CPU);
        buffer.Fill(values);
        float[] copied = new float[values.Length];
        TensorConversion.CopyTo(buffer.Tensor, copied);
        Assert.Equal(values, copied);
    }

    private static void AssertChannelsLast(Tensor tensor)
    {
        long[] shape = tensor.shape;
        Assert.Equal([shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]], tensor.stride());
    }
}
