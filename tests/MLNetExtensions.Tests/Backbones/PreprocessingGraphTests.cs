using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class PreprocessingGraphTests
{
    private static readonly ImagePreprocessing Torchvision = new()
    {
        Width = 6,
        Height = 5,
        CropFraction = 0.6f,
    };

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(22)]
    public void Crop_and_arithmetic_in_every_opset(int opset) => AssertEqualsReference(Torchvision, cropInGraph: true, opset);

    [Fact]
    public void Without_the_crop() => AssertEqualsReference(Torchvision, cropInGraph: false);

    [Fact]
    public void Blue_first_minus_mean() =>
        AssertEqualsReference(
            Torchvision with
            {
                Channels = ImageChannelOrder.Bgr,
                Scale = 1,
                Mean = [103.9f, 116.8f, 123.7f],
                StandardDeviation = [1, 1, 1],
            },
            cropInGraph: true
        );

    [Fact]
    public void Channels_last() =>
        AssertEqualsReference(
            Torchvision with
            {
                ChannelsLast = true,
                Mean = [127, 127, 127],
                StandardDeviation = [128, 127, 126],
                Scale = 1,
            },
            cropInGraph: true
        );

    [Fact]
    public void Channels_last_and_blue_first() =>
        AssertEqualsReference(Torchvision with { ChannelsLast = true, Channels = ImageChannelOrder.Bgr }, cropInGraph: true);

    [Fact]
    public void A_padded_image_has_no_crop() =>
        AssertEqualsReference(Torchvision with { ResizeMode = ImageResizeMode.Pad }, cropInGraph: true);

    [Fact]
    public void Nothing_to_do_adds_nothing()
    {
        var raw = new ImagePreprocessing
        {
            Width = 6,
            Height = 5,
            CropFraction = 1,
            Scale = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };

        OnnxGraph graph = PreprocessingGraph.Prepend(Network(raw, 13), raw, true, "pixels");

        Assert.Single(graph.Nodes);
        Assert.Equal("pixels", graph.Nodes[0].Inputs[0]);
    }

    [Fact]
    public void Arithmetic_is_one_product_and_one_sum()
    {
        OnnxGraph graph = PreprocessingGraph.Prepend(Network(Torchvision, 13), Torchvision, false, "pixels");

        Assert.Equal(["Mul", "Add", "Identity"], graph.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Everything_added_carries_the_prefix_and_the_input_may_keep_its_name()
    {
        OnnxGraph graph = PreprocessingGraph.Prepend(Network(Torchvision, 13), Torchvision, true, "image");

        Assert.Equal("image", graph.Inputs[0].Name);
        Assert.All(graph.Initializers.Keys, name => Assert.StartsWith(StepList.Prefix, name));
        Assert.All(graph.Nodes.SkipLast(1), node => Assert.StartsWith(StepList.Prefix, node.Outputs[0]));
    }

    [Fact]
    public void A_second_time_does_not_clash()
    {
        OnnxGraph once = PreprocessingGraph.Prepend(Network(Torchvision, 13), Torchvision, false, "pixels");

        OnnxGraph twice = PreprocessingGraph.Prepend(once, Torchvision, false, "pixels");

        Assert.Equal(twice.Nodes.Count, twice.Nodes.Select(n => n.Outputs[0]).Distinct().Count());
    }

    [Fact]
    public void A_name_that_the_graph_has_is_refused() =>
        Assert.Throws<ArgumentException>(() => PreprocessingGraph.Prepend(Network(Torchvision, 13), Torchvision, true, "out"));

    [Fact]
    public void A_preprocessing_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            PreprocessingGraph.Prepend(Network(Torchvision, 13), Torchvision with { Width = 7 }, true, "pixels")
        );

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(20)]
    public void Test_time_views_are_the_corners_and_their_mirror_images(int opset)
    {
        var raw = new ImagePreprocessing
        {
            Width = 8,
            Height = 6,
            CropFraction = 2f / 3,
            Scale = 1,
            Mean = [0, 0, 0],
            StandardDeviation = [1, 1, 1],
        };
        Assert.Equal((12, 9), (raw.CanvasWidth, raw.CanvasHeight));
        OnnxGraph graph = PreprocessingGraph.Prepend(Network(raw, opset), raw, true, "pixels", TestTimeAugmentation.TenCrop);
        Assert.Equal((10, 10), (TestTimeAugmentation.TenCrop.Count, PreprocessingGraph.ViewCount(graph)));
        OnnxRuntimeRun.Floats pixels = OnnxRuntimeRun.Random(2, 3, 9, 12);

        OnnxRuntimeRun.Floats views = OnnxRuntimeRun.Run(graph, pixels);

        Assert.Equal([20, 3, 6, 8], views.Shape);
        (int Left, int Top)[] places = [(2, 1), (0, 0), (4, 0), (0, 3), (4, 3)];
        for (int view = 0; view < 10; view++)
        for (int image = 0; image < 2; image++)
        for (int row = 0; row < 3 * 6; row++)
        for (int x = 0; x < 8; x++)
        {
            int source = (((image * 3) + (row / 6)) * 9) + places[view % 5].Top + (row % 6);
            Assert.Equal(
                pixels.Values[(source * 12) + places[view % 5].Left + (view < 5 ? x : 7 - x)],
                views.Values[(((((view * 2) + image) * 18) + row) * 8) + x]
            );
        }
    }

    [Fact]
    public void Equal_views_count_as_one()
    {
        ImagePreprocessing whole = Torchvision with { CropFraction = 1 };
        Assert.Equal(
            2,
            PreprocessingGraph.ViewCount(
                PreprocessingGraph.Prepend(Network(whole, 13), whole, true, "pixels", TestTimeAugmentation.TenCrop)
            )
        );
        OnnxGraph one = PreprocessingGraph.Prepend(Network(whole, 13), whole, true, "pixels", TestTimeAugmentation.FiveCrop);
        Assert.Equal(1, PreprocessingGraph.ViewCount(one));
        Assert.Equal(["Mul", "Add", "Identity"], one.Nodes.Select(n => n.OpType));
    }

    private static OnnxGraph Network(ImagePreprocessing p, int opset)
    {
        long[] shape = p.ChannelsLast ? [-1, p.Height, p.Width, 3] : [-1, 3, p.Height, p.Width];
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, shape)],
            Outputs = [OnnxValue.Create("out", OnnxElementType.Float, shape)],
            Nodes = [OnnxNode.Create("Identity", ["image"], ["out"])],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };
    }

    private static void AssertEqualsReference(ImagePreprocessing p, bool cropInGraph, int opset = 13)
    {
        int height = cropInGraph ? p.CanvasHeight : p.Height;
        int width = cropInGraph ? p.CanvasWidth : p.Width;
        OnnxRuntimeRun.Floats pixels = OnnxRuntimeRun.Random(2, 3, height, width);
        for (int i = 0; i < pixels.Values.Length; i++)
            pixels.Values[i] = MathF.Round(127.5f + 127.5f * pixels.Values[i]);

        OnnxRuntimeRun.Floats actual = OnnxRuntimeRun.Run(PreprocessingGraph.Prepend(Network(p, opset), p, cropInGraph, "pixels"), pixels);

        var expected = new List<float>();
        for (int n = 0; n < 2; n++)
        for (int a = 0; a < (p.ChannelsLast ? p.Height : 3); a++)
        for (int b = 0; b < (p.ChannelsLast ? p.Width : p.Height); b++)
        for (int d = 0; d < (p.ChannelsLast ? 3 : p.Width); d++)
        {
            (int c, int y, int x) = p.ChannelsLast ? (d, a, b) : (a, b, d);
            int source = p.Channels == ImageChannelOrder.Bgr ? 2 - c : c;
            int row = y + (height - p.Height) / 2;
            int column = x + (width - p.Width) / 2;
            float value = pixels.Values[((n * 3 + source) * height + row) * width + column];
            expected.Add((value * p.Scale - p.Mean[c]) / p.StandardDeviation[c]);
        }
        Assert.Equal(p.ChannelsLast ? [2, p.Height, p.Width, 3] : [2, 3, p.Height, p.Width], actual.Shape);
        Assert.Equal(expected.Count, actual.Values.Length);
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual.Values[i], 1e-4f);
    }
}
