using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

public sealed class ScoreOnnxSaveTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();
    private readonly TemporaryFolder _folder = new();

    public ScoreOnnxSaveTests() => _ml.TempFilePath = _folder.Path;

    public void Dispose()
    {
        _reloaded.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Values_and_vectors_are_the_same_after_loading()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, 9)
                .Select(i => new ScoreOnnxTensorTests.Row
                {
                    A = [i, i + 1, -i],
                    B = i / 2f,
                    Id = i,
                })
        );
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(view);
        IDataView expected = transformer.Transform(view),
            reloaded = _reloaded.Of(_ml, transformer, view.Schema).Transform(view);

        Assert.Equal(expected.GetColumn<float[]>("y"), reloaded.GetColumn<float[]>("y"));
        Assert.Equal(expected.GetColumn<float>("sum"), reloaded.GetColumn<float>("sum"));
        Assert.Equal(expected.GetColumn<long>("largest"), reloaded.GetColumn<long>("largest"));
        Assert.Equal(["A", "B", "Id", "largest", "sum", "y"], reloaded.Schema.Where(c => !c.IsHidden).Select(c => c.Name).Order());
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.Path),
            f => Path.GetFileName(f).StartsWith("mlnetextensions-", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(OnnxElementType.Double)]
    [InlineData(OnnxElementType.Int32)]
    [InlineData(OnnxElementType.Bool)]
    [InlineData(OnnxElementType.String)]
    public void Values_of_other_types_are_the_same_after_loading(OnnxElementType type)
    {
        object[] rows = type switch
        {
            OnnxElementType.Double => [new Value<double> { X = 1e-300 }],
            OnnxElementType.Int32 => [new Value<int> { X = -5 }],
            OnnxElementType.Bool => [new Value<bool> { X = true }],
            _ => [new Value<string> { X = "text" }],
        };
        IDataView view = type switch
        {
            OnnxElementType.Double => _ml.Data.LoadFromEnumerable(rows.Cast<Value<double>>()),
            OnnxElementType.Int32 => _ml.Data.LoadFromEnumerable(rows.Cast<Value<int>>()),
            OnnxElementType.Bool => _ml.Data.LoadFromEnumerable(rows.Cast<Value<bool>>()),
            _ => _ml.Data.LoadFromEnumerable(rows.Cast<Value<string>>()),
        };
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = SmallModels.Identity(type, -1) })
            .Fit(view);

        IDataView reloaded = _reloaded.Of(_ml, transformer, view.Schema).Transform(view);

        Assert.Equal(transformer.Transform(view).Schema["y"].Type, reloaded.Schema["y"].Type);
        Assert.Equal(
            $"{view.Preview().RowView[0].Values[0].Value}",
            $"{reloaded.Preview().RowView[0].Values.Last(v => v.Key == "y").Value}"
        );
    }

    [Fact]
    public void Half_floats_become_floats()
    {
        IDataView view = _ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 0.5f] }]);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = SmallModels.Identity(OnnxElementType.Float16, -1, 3),
                    Inputs = [new OnnxInput { ColumnName = "A" }],
                }
            )
            .Fit(view);

        Assert.Equal(
            [
                [1, 2, 0.5f],
            ],
            _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("y")
        );
    }

    [Fact]
    public void A_network_of_half_floats_reads_images_and_is_saved()
    {
        using var images = new ColorImages(6);
        IDataView view = images.Paths(_ml);
        var preprocessing = new ImagePreprocessing
        {
            Width = 12,
            Height = 10,
            CropFraction = 1,
            Scale = 1 / 255f,
        };
        OnnxTensor weight = DrawnTensor.Normal("w", 1, 3, 3, 3, 3);
        OnnxGraph floats = SmallModels.Create(
            [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, 10, 12)],
            [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
            [
                OnnxNode.Create("Conv", ["image", "w"], ["c"]),
                OnnxNode.Create("GlobalAveragePool", ["c"], ["means"]),
                OnnxNode.Create("Flatten", ["means"], ["logits"]),
            ],
            weight
        );
        OnnxGraph halves = floats with
        {
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float16, -1, 3, 10, 12)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float16, -1, 3)],
            Initializers = new OrderedDictionary<string, OnnxTensor> { ["w"] = HalfWeights.ToHalf(weight, []) },
        };
        float[][] expected = Scores(floats, reload: false);
        foreach (bool reload in new[] { false, true })
            Assert.Equal(expected.SelectMany(s => s), Scores(halves, reload).SelectMany(s => s), (a, b) => Math.Abs(a - b) < 5e-3f);

        float[][] Scores(OnnxGraph model, bool reload)
        {
            using ScoreOnnxTransformer transformer = _ml
                .Transforms.ScoreOnnx(
                    new ScoreOnnxOptions { Model = model, Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = preprocessing }] }
                )
                .Fit(view);
            ITransformer scorer = reload ? _reloaded.Of(_ml, transformer, view.Schema) : transformer;
            return [.. scorer.Transform(view).GetColumn<float[]>("logits")];
        }
    }

    [Theory]
    [InlineData("paths", false)]
    [InlineData("bytes", false)]
    [InlineData("images", true)]
    [InlineData("pixels", false)]
    public void Images_are_scored_the_same(string column, bool areBytes)
    {
        using var images = new ColorImages(6);
        IDataView view = column switch
        {
            "paths" => images.Paths(_ml),
            "bytes" => images.Bytes(_ml),
            "images" => images.Images(_ml),
            _ => images.Pixels(_ml),
        };
        var preprocessing = new ImagePreprocessing
        {
            Width = 12,
            Height = 10,
            CropFraction = 1,
            Channels = ImageChannelOrder.Bgr,
        };
        OnnxGraph model = SmallModels.ChannelMeans(10, 12);
        if (areBytes)
            model = SmallModels.Create(
                [OnnxValue.Create("image", OnnxElementType.UInt8, -1, 3, 10, 12)],
                model.Outputs,
                [
                    OnnxNode.Create("Cast", ["image"], ["floats"], OnnxAttribute.Of("to", 1L)),
                    model.Nodes[0] with
                    {
                        Inputs = ["floats"],
                    },
                    model.Nodes[1],
                ]
            );
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model,
                    Inputs = [new OnnxInput { ColumnName = "Image", Preprocessing = preprocessing }],
                    Outputs = [new OnnxOutput { ColumnName = "Means" }],
                }
            )
            .Fit(view);

        float[][] expected = [.. transformer.Transform(view).GetColumn<float[]>("Means")];
        float[][] actual = [.. _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("Means")];

        for (int row = 0; row < 6; row++)
        for (int c = 0; c < 3; c++)
            Assert.Equal(expected[row][c], actual[row][c], areBytes ? 1e-3f : 1e-5f);
    }

    [Fact]
    public void What_cannot_be_saved_says_why()
    {
        IDataView view = _ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]);
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, 4, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, 4, 3)],
            [OnnxNode.Create("Neg", ["A"], ["y"])]
        );
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model }).Fit(view);

        var error = Assert.Throws<NotSupportedException>(() => _reloaded.Of(_ml, transformer, view.Schema));

        Assert.Contains("takes exactly 4 rows at once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_that_is_gone_is_an_error_of_saving_only()
    {
        string file = _folder.Add("model.onnx", SmallModels.Identity(OnnxElementType.Float, -1, 3).ToBytes());
        IDataView view = _ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]);
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx("Y", "A", file).Fit(view);
        File.Delete(file);

        Assert.Equal(
            [
                [1, 2, 3],
            ],
            transformer.Transform(view).GetColumn<float[]>("Y")
        );
        Assert.Contains(
            "is not there any more",
            Assert.Throws<InvalidOperationException>(() => _reloaded.Of(_ml, transformer, view.Schema)).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Value<T>
    {
        [ColumnName("x")]
        public T X { get; set; } = default!;
    }
}
