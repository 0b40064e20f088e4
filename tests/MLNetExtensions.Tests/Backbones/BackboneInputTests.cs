using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public class BackboneInputTests
{
    [Theory]
    [InlineData("nchw", 3, 32, 40, new long[] { -1, 3, 32, 40 })]
    [InlineData("nchw", 1, 28, 28, new long[] { 1, 1, 28, 28 })]
    [InlineData("nchw", 4, 32, 40, new long[] { -1, 4, 32, 40 })]
    [InlineData("nhwc", 3, 32, 40, new long[] { -1, 32, 40, 3 })]
    [InlineData("nhwc", 1, 28, 28, new long[] { -1, 28, 28, 1 })]
    [InlineData("nhwc", 4, 32, 40, new long[] { -1, 32, 40, 4 })]
    [InlineData("nhwc", 1, -1, -1, new long[] { -1, -1, -1, 1 })]
    [InlineData("nhwc", 3, -1, -1, new long[] { -1, -1, -1, 3 })]
    [InlineData("nchw", 1, -1, -1, new long[] { -1, 1, -1, -1 })]
    [InlineData("nchw", 3, 3, 1, new long[] { -1, 3, 3, 1 })]
    [InlineData("nhw", 1, 28, 30, new long[] { -1, 28, 30 })]
    [InlineData("nhw", 1, 28, 30, new long[] { 1, 28, 30 })]
    public void Shapes_tell_layout_and_channels(string layout, int channels, int height, int width, long[] sizes)
    {
        BackboneInput input = BackboneInput.Find(Network(sizes), "It");

        Assert.Equal(
            layout,
            input.Layout switch
            {
                ImageLayout.ChannelsLast => "nhwc",
                ImageLayout.NoChannels => "nhw",
                _ => "nchw",
            }
        );
        Assert.Equal((channels, height, width), (input.Channels, input.Height ?? -1, input.Width ?? -1));
        Assert.Null(input.Problem(input.DefaultPreprocessing()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_first_convolution_tells_open_channels(int channels)
    {
        OnnxGraph graph = Network([-1, -1, 8, 8]) with
        {
            Nodes = [OnnxNode.Create("Conv", ["image", "w"], ["out"])],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["w"] = OnnxTensor.FromFloats("w", [2, channels, 1, 1], new float[2 * channels]),
            },
        };

        Assert.Equal(channels, BackboneInput.Find(graph, "It").Channels);
    }

    [Theory]
    [InlineData(new long[] { -1, 2, 28, 28 }, "no dimension of 1, 3 or 4 channels")]
    [InlineData(new long[] { -1, 28, 28, 28 }, "no dimension of 1, 3 or 4 channels")]
    [InlineData(new long[] { -1, 784 }, "no batch of images")]
    [InlineData(new long[] { 3, 28, 28 }, "has no batch")]
    [InlineData(new long[] { -1, 1, 28, 70000 }, "impossible size")]
    public void Other_inputs_are_refused(long[] sizes, string expected) =>
        Assert.Contains(expected, Assert.Throws<OnnxFormatException>(() => BackboneInput.Find(Network(sizes), "It")).Message);

    [Fact]
    public void Preprocessing_of_other_channels_is_refused_with_the_next_step()
    {
        var rgb = new ImagePreprocessing { Width = 28, Height = 28 };

        string message = Assert.Throws<ArgumentException>(() => Backbone.FromGraph(Network([-1, 1, 28, 28]), rgb)).Message;

        Assert.Contains("3 channels (Rgb), the input 'image' takes 1: [batch,1,height,width]", message);
        Assert.Contains("WithChannels", message);
    }

    [Fact]
    public void One_channel_lies_the_same_way_in_either_layout() =>
        Assert.Null(
            BackboneInput
                .Find(Network([-1, 28, 28, 1]), "It")
                .Problem(
                    new ImagePreprocessing
                    {
                        Width = 28,
                        Height = 28,
                        Channels = ImageChannelOrder.Gray,
                    }
                )
        );

    private static OnnxGraph Network(long[] sizes) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, sizes)],
            Outputs = [OnnxValue.Create("out", OnnxElementType.Float, sizes)],
            Nodes = [OnnxNode.Create("Identity", ["image"], ["out"])],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };
}
