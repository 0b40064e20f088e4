using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>Backbones for images of other channels, scored in ONNX Runtime beside those that they are made of.</summary>
public class ChannelAdaptationTests
{
    private const int Height = ChannelNetworks.Height,
        Width = ChannelNetworks.Width;

    public static TheoryData<string, ImageChannelOrder, ImageChannelOrder> Cases =>
        new(
            from own in ChannelNetworks.Cases
            from made in Enum.GetValues<ImageChannelOrder>()
            where own.Channels != made
            select (own.Layout, own.Channels, made)
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_stay_where_the_new_channels_say_the_same(string layout, ImageChannelOrder own, ImageChannelOrder made)
    {
        // The same mean in all channels: what a convolution pads is the same value for all.
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, own);
        preprocessing = preprocessing with { CropFraction = 1, Mean = [.. preprocessing.Mean.Select(_ => 0.45f)] };
        if (
            preprocessing.ChannelCount == 4
            && new ImagePreprocessing
            {
                Width = 1,
                Height = 1,
                Channels = made,
            }.ChannelCount < 4
        )
            // Opaque is then the mean, which is what is padded.
            preprocessing = preprocessing with
            {
                Mean = [.. preprocessing.Mean.Select((m, c) => c == 3 ? 1 : m)],
            };
        var backbone = Backbone.FromGraph(ChannelNetworks.Create(layout, preprocessing.ChannelCount), preprocessing);

        Backbone other = backbone.WithChannels(made);

        Assert.Equal(made, other.Preprocessing.Channels);
        byte[] rgba = Images(isGray: own != ImageChannelOrder.Gray && made == ImageChannelOrder.Gray, isOpaque: true);
        // A level of gray is not rounded to a whole one where colors take its place.
        float[] expected = Score(backbone, rgba),
            actual = Score(other, rgba);
        Near(expected, actual, own == ImageChannelOrder.Gray && made != ImageChannelOrder.Gray ? 2e-3f : 1e-5f);
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray, 1)]
    [InlineData(ImageChannelOrder.Rgba, 4)]
    public void The_first_convolution_is_adapted(ImageChannelOrder channels, long count)
    {
        Backbone other = Backbone
            .FromGraph(ChannelNetworks.Create("nchw", 3), ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Rgb))
            .WithChannels(channels);

        Assert.Equal([6, count, 3, 3], other.Graph.Initializers["conv1.weight"].Shape);
        Assert.DoesNotContain(other.Graph.Nodes, n => n.Outputs[0].StartsWith(StepList.Prefix, StringComparison.Ordinal));
        Assert.Equal(count, other.Preprocessing.Mean.Count);
    }

    [Fact]
    public void Different_means_show_at_the_edges_only()
    {
        ImagePreprocessing preprocessing = new()
        {
            Width = Width,
            Height = Height,
            CropFraction = 1,
        };
        OnnxGraph network = ChannelNetworks.Create("nchw", 3);
        network = network with { Outputs = [new OnnxValue("conv1", OnnxElementType.Float, null)] };
        var backbone = Backbone.FromGraph(network, preprocessing);
        byte[] gray = Images(isGray: true, isOpaque: true);

        float[] expected = Score(backbone, gray),
            actual = Score(backbone.WithChannels(ImageChannelOrder.Gray), gray);

        Assert.Equal([0.459f], backbone.WithChannels(ImageChannelOrder.Gray).Preprocessing.Mean.Select(m => MathF.Round(m, 3)));
        (int height, int width) = (Height / 2, Width / 2);
        for (int i = 0; i < expected.Length; i++)
        {
            (int x, int y) = (i % width, i / width % height);
            Assert.Equal(expected[i], actual[i], x == 0 || y == 0 ? 0.3f : 1e-4f);
        }
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public void Normalization_inside_the_network_goes_into_the_weights(ImageChannelOrder made)
    {
        OnnxGraph network = ChannelNetworks.Create(
            "nchw",
            3,
            before:
            [
                OnnxNode.Create("Sub", ["first", "mean"], ["s"]),
                OnnxNode.Create("Div", ["s", "deviation"], ["d"]),
                OnnxNode.Create("BatchNormalization", ["d", "scale", "bias", "m", "v"], ["x"]),
            ],
            constants:
            [
                OnnxTensor.FromFloats("mean", [1, 3, 1, 1], [120, 120, 120]),
                OnnxTensor.FromFloats("deviation", [3, 1, 1], [50, 60, 70]),
                OnnxTensor.FromFloats("scale", [3], [1.5f, 1, 2]),
                OnnxTensor.FromFloats("bias", [3], [0, 0, 0]),
                OnnxTensor.FromFloats("m", [3], [0, 0, 0]),
                OnnxTensor.FromFloats("v", [3], [4, 1, 2]),
            ]
        );
        var backbone = Backbone.FromGraph(
            network,
            new ImagePreprocessing
            {
                Width = Width,
                Height = Height,
                CropFraction = 1,
                Scale = 1,
                Mean = [0, 0, 0],
                StandardDeviation = [1, 1, 1],
            }
        );

        Backbone other = backbone.WithChannels(made);

        Assert.DoesNotContain(other.Graph.Nodes, n => n.OpType is "Sub" or "Div" or "BatchNormalization");
        Assert.Equal(120, other.Preprocessing.Mean[0], 1e-3f);
        byte[] images = Images(isGray: true, isOpaque: true);
        Near(Score(backbone, images), Score(other, images), 1e-4f);
    }

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("Mean image")]
    [InlineData("Several readers")]
    [InlineData("Grouped")]
    public void Channels_are_converted_before_networks_without_such_a_convolution(string kind)
    {
        OnnxGraph network = kind switch
        {
            "MaxPool" => ChannelNetworks.Create(
                "nchw",
                3,
                before: [OnnxNode.Create("MaxPool", ["first"], ["x"], OnnxAttribute.Of("kernel_shape", 1L, 1L))]
            ),
            "Mean image" => ChannelNetworks.Create(
                "nchw",
                3,
                before: [OnnxNode.Create("Sub", ["first", "mean"], ["x"])],
                constants:
                [
                    OnnxTensor.FromFloats(
                        "mean",
                        [1, 3, Height, Width],
                        [.. Enumerable.Range(0, 3 * Height * Width).Select(i => i % 7 * 0.1f)]
                    ),
                ]
            ),
            "Several readers" => ChannelNetworks.Create(
                "nchw",
                3,
                before: [OnnxNode.Create("Relu", ["first"], ["positive"]), OnnxNode.Create("Add", ["first", "positive"], ["x"])]
            ),
            _ => ChannelNetworks.Create(
                "nchw",
                3,
                before: [OnnxNode.Create("Conv", ["first", "depth"], ["x"], OnnxAttribute.Of("group", 3L))],
                constants: [OnnxTensor.FromFloats("depth", [3, 1, 1, 1], [1, 2, 3])]
            ),
        };
        // Means that differ: nothing is padded before the conversion.
        var backbone = Backbone.FromGraph(
            network,
            new ImagePreprocessing
            {
                Width = Width,
                Height = Height,
                CropFraction = 1,
            }
        );
        byte[] images = Images(isGray: true, isOpaque: true);

        foreach (ImageChannelOrder made in new[] { ImageChannelOrder.Gray, ImageChannelOrder.Rgba })
            Near(Score(backbone, images), Score(backbone.WithChannels(made), images), 1e-4f);
    }

    [Fact]
    public void The_pretrained_backbone_knows_gray_images_as_before()
    {
        Backbone backbone = Backbone.FromCatalog("cifarnet_cifar10", Path.Combine(SharedData.RepositoryRoot, "pretrained"));
        Backbone gray = backbone.WithChannels(ImageChannelOrder.Gray);
        Assert.True(gray.Graph.Initializers.Values.Sum(t => t.Count) < backbone.Graph.Initializers.Values.Sum(t => t.Count));
        var random = new Random(2);
        float[] levels =
        [
            .. Enumerable.Range(0, 4 * 1024).Select(i => (float)((i % 32 * 4) + (i / 32 % 32 * 3 * (i / 1024 % 2)) + random.Next(40))),
        ];
        float[] colors = [.. Enumerable.Range(0, 3 * levels.Length).Select(i => levels[(i / 3072 * 1024) + (i % 1024)])];

        OnnxRuntimeRun.Floats expected = OnnxRuntimeRun.Run(
            PreprocessingGraph.Prepend(backbone.Graph, backbone.Preprocessing, true, "pixels"),
            new OnnxRuntimeRun.Floats([4, 3, 32, 32], colors)
        );
        OnnxRuntimeRun.Floats actual = OnnxRuntimeRun.Run(
            PreprocessingGraph.Prepend(gray.Graph, gray.Preprocessing, true, "pixels"),
            new OnnxRuntimeRun.Floats([4, 1, 32, 32], levels)
        );

        Near(expected.Values, actual.Values, 1e-3f);
    }

    [Fact]
    public void Alpha_can_be_learned()
    {
        Backbone other = Backbone
            .FromGraph(ChannelNetworks.Create("nchw", 3), ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Rgb))
            .WithChannels(ImageChannelOrder.Rgba);
        float[] weights = other.Graph.Initializers["conv1.weight"].ToFloats();

        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(i / 9 % 4 == 3, weights[i] == 0);
    }

    [Fact]
    public void The_same_channels_are_the_same_backbone()
    {
        var backbone = Backbone.FromGraph(ChannelNetworks.Create("nchw", 1), ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Gray));

        Assert.Same(backbone, backbone.WithChannels(ImageChannelOrder.Gray));
        Assert.Throws<ArgumentOutOfRangeException>(() => backbone.WithChannels((ImageChannelOrder)9));
    }

    /// <summary>Two images, [2, 4, Height, Width] of red, green, blue, alpha.</summary>
    private static byte[] Images(bool isGray, bool isOpaque)
    {
        var random = new Random(3);
        int plane = Height * Width;
        var images = new byte[2 * 4 * plane];
        random.NextBytes(images);
        for (int i = 0; i < images.Length; i++)
        {
            int channel = i / plane % 4;
            if (channel == 3 && isOpaque)
                images[i] = 255;
            else if (channel is 1 or 2 && isGray)
                images[i] = images[i - plane];
        }
        return images;
    }

    private static float[] Score(Backbone backbone, byte[] rgba)
    {
        ImagePreprocessing p = backbone.Preprocessing;
        int plane = Height * Width;
        var pixels = new float[2 * p.ChannelCount * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int image, int channel, int at) = (i / (p.ChannelCount * plane), i / plane % p.ChannelCount, i % plane);
            int red = Level(0),
                green = Level(1),
                blue = Level(2);
            pixels[i] =
                p.Channels == ImageChannelOrder.Gray ? ((19595 * red) + (38470 * green) + (7471 * blue) + 32768) >> 16 : Level(channel);

            int Level(int c) => rgba[(((image * 4) + c) * plane) + at];
        }
        OnnxGraph graph = PreprocessingGraph.Prepend(backbone.Graph, p, cropInGraph: false, "pixels");
        return OnnxRuntimeRun.Run(graph, new OnnxRuntimeRun.Floats([2, p.ChannelCount, Height, Width], pixels)).Values;
    }

    private static void Near(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
