using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.TensorBoard;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Training.TensorBoard;

public sealed class TensorBoardWriterTests : IDisposable
{
    // Field numbers of Event, Summary and Summary.Value.
    private const int WallTime = 1,
        Step = 2,
        FileVersion = 3,
        GraphDef = 4,
        SummaryField = 5,
        Value = 1;
    private const int Tag = 1,
        SimpleValue = 2,
        Image = 4,
        Tensor = 8,
        Metadata = 9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_reader_reads_TensorFlows_own_file()
    {
        WireMessage[] events = EventFile.Read(TensorFlowReference.EventFile);
        Assert.Equal("brain.Event:2", events[0].Text(FileVersion));
        Assert.Equal(("loss/train", 0.625f, 42L), Scalar(events[1]));
        byte[] damaged = TensorFlowReference.EventFile;
        damaged[100] ^= 1;
        Assert.Throws<InvalidDataException>(() => EventFile.Read(damaged));
    }

    [Fact]
    public void Scalars_and_histograms_are_the_bytes_that_TensorFlow_writes()
    {
        WireMessage[] reference = EventFile.Read(TensorFlowReference.EventFile);
        WireMessage[] events = Write(board =>
        {
            board.AddScalar("loss/train", 0.625, 42);
            board.AddHistogram("weights", TensorFlowReference.Values, 43);
        });
        Assert.Equal(reference.Length, events.Length);
        Assert.Equal("brain.Event:2", events[0].Text(FileVersion));
        Assert.Equal(reference[1].Bytes(SummaryField), events[1].Bytes(SummaryField));
        Assert.Equal((42L, 43L), (events[1].Integer(Step), events[2].Integer(Step)));
        Assert.Equal(reference[2].Bytes(SummaryField), events[2].Bytes(SummaryField));
    }

    [Fact]
    public void Files_are_named_and_stamped_by_the_clock()
    {
        var clock = new FixedClock(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250));
        using var first = new TensorBoardWriter(Path.Combine(_folder.Path, "runs", "a"), clock);
        using var second = new TensorBoardWriter(Path.Combine(_folder.Path, "runs", "a"), clock);
        Assert.Matches($@"^events\.out\.tfevents\.1700000000\.[A-Za-z0-9_-]+\.{Environment.ProcessId}\.\d+$", Path.GetFileName(first.Path));
        Assert.NotEqual(first.Path, second.Path);
        // The version is in the file at once: TensorBoard takes a file without it for damaged.
        Assert.Equal(1_700_000_000.25, Assert.Single(EventFile.Read(first.Path)).Double(WallTime));
    }

    [Fact]
    public void What_is_flushed_can_be_read_while_the_writer_lives()
    {
        using var board = new TensorBoardWriter(_folder.Path);
        board.AddScalar("a", 1, 0);
        board.Flush();
        Assert.Equal(("a", 1f, 0L), Scalar(EventFile.Read(board.Path)[1]));
        board.Dispose();
        board.Dispose();
        Assert.Throws<ObjectDisposedException>(() => board.AddScalar("a", 1, 1));
        Assert.Throws<ObjectDisposedException>(board.Flush);
    }

    [Fact]
    public void Images_come_back_as_they_went_in()
    {
        byte[] planes = [.. Enumerable.Range(0, 3 * 5 * 4).Select(i => (byte)(4 * i))];
        WireMessage[] events = Write(board => board.AddImage("augmented", planes, width: 5, height: 4, step: 7));
        WireMessage image = events[1].Message(SummaryField).Message(Value).Message(Image);
        Assert.Equal((4L, 5L, 3L), (image.Integer(1), image.Integer(2), image.Integer(3)));
        using SKBitmap bitmap = SKBitmap.Decode(image.Bytes(4));
        for (int y = 0; y < 4; y++)
        for (int x = 0; x < 5; x++)
        {
            int at = (y * 5) + x;
            Assert.Equal(new SKColor(planes[at], planes[20 + at], planes[40 + at]), bitmap.GetPixel(x, y));
        }
    }

    [Fact]
    public void A_grid_holds_each_image_in_its_place()
    {
        // Five images of one color each, 3 x 2, three in a row.
        byte[] batch = [.. Enumerable.Range(1, 5).SelectMany(i => Enumerable.Repeat((byte)(50 * i), 18))];
        WireMessage[] events = Write(board => board.AddImageGrid("grid", batch, width: 3, height: 2, step: 0, columns: 3, padding: 1));
        using SKBitmap grid = SKBitmap.Decode(events[1].Message(SummaryField).Message(Value).Message(Image).Bytes(4));
        Assert.Equal((13, 7), (grid.Width, grid.Height));
        for (int i = 0; i < 5; i++)
            Assert.Equal(
                new SKColor((byte)(50 * (i + 1)), (byte)(50 * (i + 1)), (byte)(50 * (i + 1))),
                grid.GetPixel(1 + (i % 3 * 4), 1 + (i / 3 * 3))
            );
        Assert.Equal(SKColors.Black, grid.GetPixel(0, 0));
        Assert.Equal(SKColors.Black, grid.GetPixel(9, 4)); // the sixth place is empty
        using var board = new TensorBoardWriter(_folder.Path);
        Assert.Contains(
            "17 bytes are no images of 3 x 2 x 3",
            Assert.Throws<ArgumentException>(() => board.AddImageGrid("grid", new byte[17], 3, 2, 0)).Message
        );
        Assert.Throws<ArgumentException>(() => board.AddScalar(" ", 1, 0));
    }

    [Fact]
    public void Text_is_a_tensor_of_the_text_plugin()
    {
        WireMessage value = Write(board => board.AddText("options", "| epochs | 5 |\n|---|---|", 0))[1]
            .Message(SummaryField)
            .Message(Value);
        Assert.Equal("text", value.Message(Metadata).Message(1).Text(1));
        Assert.Equal(7, value.Message(Tensor).Integer(1)); // DT_STRING
        Assert.Equal(1, value.Message(Tensor).Message(2).Message(2).Integer(1));
        Assert.Equal("| epochs | 5 |\n|---|---|", value.Message(Tensor).Text(8));
    }

    [Fact]
    public void A_confusion_matrix_is_an_image_with_darker_cells_for_larger_shares()
    {
        // Class 0: all four right. Class 1: one right, one taken for 0.
        float[] probabilities = [.9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f, .1f, .9f];
        ClassConfusionMatrix matrix = ClassificationReport.Compute(probabilities, [0, 0, 0, 0, 1, 1], ["cat", "dog"]).Confusion;
        WireMessage image = Write(board => board.AddConfusionMatrix("confusion", matrix, 3))[1]
            .Message(SummaryField)
            .Message(Value)
            .Message(Image);
        using SKBitmap bitmap = SKBitmap.Decode(image.Bytes(4));
        Assert.Equal((image.Integer(2), image.Integer(1)), (bitmap.Width, bitmap.Height));
        HashSet<SKColor> colors =
        [
            .. Enumerable.Range(0, bitmap.Width * bitmap.Height).Select(i => bitmap.GetPixel(i % bitmap.Width, i / bitmap.Width)),
        ];
        Assert.Superset(new HashSet<SKColor> { Shade(1), Shade(0.5), SKColors.White, SKColors.Black }, colors);
        // The bottom right cell is the class 1 that was seen as such, the one above it holds nothing.
        Assert.Equal(Shade(0.5), bitmap.GetPixel(bitmap.Width - 9, bitmap.Height - 9));
        Assert.Equal(SKColors.White, bitmap.GetPixel(bitmap.Width - 9, bitmap.Height - 25));

        static SKColor Shade(double share) =>
            new((byte)Math.Round(255 - (247 * share)), (byte)Math.Round(255 - (207 * share)), (byte)Math.Round(255 - (148 * share)));
    }

    [Fact]
    public void A_confusion_matrix_of_many_classes_has_no_text_and_a_bounded_size()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")];
        float[] probabilities = new float[1000];
        probabilities[3] = 1;
        RgbImage image = ConfusionImage.Draw(ClassificationReport.Compute(probabilities, [3], names).Confusion);
        Assert.InRange(image.Width, 4000, 4100);
        Assert.Equal(image.Width, image.Height);
    }

    [Fact]
    public void Threads_share_a_writer()
    {
        WireMessage[] events = Write(board => Parallel.For(0, 400, i => board.AddScalar("loss", i, i)));
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), events.Skip(1).Select(e => e.Integer(Step)).Order());
    }

    [Fact]
    public void The_graph_names_inputs_initializers_operators_and_outputs()
    {
        OnnxGraph graph = new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 8, 8)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 4, 8, 8)],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["conv.weight"] = OnnxTensor.FromFloats("conv.weight", [4, 3, 3, 3], new float[108]),
            },
            Nodes =
            [
                OnnxNode.Create("Conv", ["x", "conv.weight"], ["/block/conv:out"], OnnxAttribute.Of("pads", 1, 1, 1, 1)),
                OnnxNode.Create("Split", ["/block/conv:out"], ["a", "b"], OnnxAttribute.Of("axis", 1L)),
                OnnxNode.Create("Concat", ["b", "a"], ["y"], OnnxAttribute.Of("axis", 1L)),
            ],
        };
        var definition = new WireMessage(Write(board => board.AddGraph(graph))[1].Bytes(GraphDef));
        WireMessage[] nodes = definition.Messages(1);
        Assert.Equal(["input/x", "conv.weight", "block/conv_out", "a", "y", "output/y"], nodes.Select(node => node.Text(1)));
        Assert.Equal(["Placeholder", "Const", "Conv", "Split", "Concat", "Output"], nodes.Select(node => node.Text(2)));
        Assert.Equal(["input/x", "conv.weight"], nodes[2].Texts(3));
        Assert.Equal(["a:1", "a"], nodes[4].Texts(3)); // the second output of a node, then the first
        Assert.Equal(["y"], nodes[5].Texts(3));
        Assert.Equal([1, 1, 1, 1], Attribute(nodes[2], "pads").Message(1).PackedIntegers(3));
        WireMessage shape = Attribute(nodes[0], "_output_shapes").Message(1).Message(7);
        Assert.Equal([-1, 3, 8, 8], shape.Messages(2).Select(dimension => dimension.Integer(1)));
        Assert.Equal(22, definition.Message(4).Integer(1));

        static WireMessage Attribute(WireMessage node, string name) => node.Messages(5).Single(entry => entry.Text(1) == name).Message(2);
    }

    private WireMessage[] Write(Action<TensorBoardWriter> write)
    {
        string path;
        using (var board = new TensorBoardWriter(_folder.Path))
        {
            path = board.Path;
            write(board);
        }
        return EventFile.Read(path);
    }

    private static (string, float, long) Scalar(WireMessage e)
    {
        WireMessage value = e.Message(SummaryField).Message(Value);
        return (value.Text(Tag), value.Single(SimpleValue), e.Integer(Step));
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
