using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Acceleration;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Acceleration;

public sealed class AccelerateTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(30);
    private readonly ReloadedModels _reloaded = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public AccelerateTests() => _model = _folder.Add("means.onnx", SmallModels.ChannelMeans(10, 12).ToBytes());

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ImageResizingEstimator.ResizingKind.IsoCrop, ImagePixelExtractingEstimator.ColorsOrder.ARGB, false)]
    [InlineData(ImageResizingEstimator.ResizingKind.IsoPad, ImagePixelExtractingEstimator.ColorsOrder.ABGR, false)]
    [InlineData(ImageResizingEstimator.ResizingKind.Fill, ImagePixelExtractingEstimator.ColorsOrder.ARBG, true)]
    public void Chains_of_ML_NET_score_the_same(
        ImageResizingEstimator.ResizingKind kind,
        ImagePixelExtractingEstimator.ColorsOrder order,
        bool isInterleaved
    )
    {
        IDataView view = _images.Paths(_ml);
        if (isInterleaved)
            SmallModels
                .Create(
                    [OnnxValue.Create("image", OnnxElementType.Float, -1, 10, 12, 3)],
                    [OnnxValue.Create("logits", OnnxElementType.Float, -1, 3)],
                    [
                        OnnxNode.Create(
                            "ReduceMean",
                            ["image"],
                            ["logits"],
                            OnnxAttribute.Of("axes", 1L, 2L),
                            OnnxAttribute.Of("keepdims", 0L)
                        ),
                    ]
                )
                .Save(_model);
        ITransformer standard = _ml
            .Transforms.LoadImages("Loaded", "", "Image")
            .Append(_ml.Transforms.ResizeImages("Small", 12, 10, "Loaded", kind))
            .Append(
                _ml.Transforms.ExtractPixels(
                    "image",
                    "Small",
                    interleavePixelColors: isInterleaved,
                    orderOfExtraction: order,
                    offsetImage: 117,
                    scaleImage: 1 / 58f
                )
            )
            .Append(_ml.Transforms.ApplyOnnxModel("logits", "image", _model))
            .Append(_ml.Transforms.CopyColumns("Copy", "logits"))
            .Fit(view);

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(standard);

        Assert.Equal(2, accelerated.Count());
        AssertSame(standard.Transform(view), accelerated.Transform(view), "Copy", "logits", "image");
        using PredictionEngine<ColorImages.Row, Output> engine = _ml.Model.CreatePredictionEngine<ColorImages.Row, Output>(
            accelerated,
            new PredictionEngineOptions { OwnsTransformer = false }
        );
        AssertNear(standard.Transform(view).GetColumn<float[]>("logits").ElementAt(4), engine.Predict(_images.Rows[4]).Logits);
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    [InlineData("pixels")]
    public void Saved_models_of_this_library_are_found_in_nested_chains(string column)
    {
        IDataView view = column switch
        {
            "paths" => _images.Paths(_ml),
            "bytes" => _images.Bytes(_ml),
            "images" => _images.Images(_ml),
            _ => _images.Pixels(_ml),
        };
        ITransformer trained = new TinyEstimator(_ml).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(view);
        ITransformer outer = new TransformerChain<ITransformer>(
            new TransformerChain<ITransformer>(trained, _ml.Transforms.CopyColumns("N", "Number").Fit(view))
        );
        ITransformer loaded = _reloaded.Of(_ml, outer, view.Schema);

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(loaded);

        Assert.Single(accelerated.OfType<AcceleratedTransformer>());
        Assert.Empty(accelerated.OfType<ImageResizingTransformer>());
        AssertSame(loaded.Transform(view), accelerated.Transform(view), "Score");
        Assert.Equal(_images.Rows.Select(r => r.Label), accelerated.Transform(view).GetColumn<string>("PredictedLabel"));
        Assert.Equal(_images.Rows.Select(r => r.Number), accelerated.Transform(view).GetColumn<float>("N"));
        Assert.Equal(
            1,
            _ml.MulticlassClassification.Evaluate(
                _ml.Transforms.Conversion.MapValueToKey("PredictedLabel", keyData: Keys())
                    .Fit(accelerated.Transform(view))
                    .Transform(accelerated.Transform(view))
            ).MicroAccuracy
        );
    }

    [Fact]
    public void Saving_again_writes_the_standard_transformers()
    {
        IDataView view = _images.Paths(_ml);
        ITransformer loaded = _reloaded.Of(_ml, TinyClassifier.Transformer(_ml, view.Schema), view.Schema);
        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(loaded);

        ITransformer again = _reloaded.Of(_ml, accelerated, view.Schema);

        ITransformer[] flat = [.. FlatChain.Of(again).Select(t => t.Transformer)];
        Assert.Equal(FlatChain.Of(loaded).Select(t => t.Transformer.GetType()), flat.Select(t => t.GetType()));
        AssertSame(loaded.Transform(view), again.Transform(view), "Score");
    }

    [Fact]
    public void EXIF_orientation_is_ignored_as_ML_NET_ignores_it()
    {
        using var golden = new MLNetExtensions.TestData.Npz(MLNetExtensions.TestData.GoldenFiles.PathOf("image_ops.npz"));
        string file = _folder.Add("turned.jpg", golden.Bytes("exif/6/jpeg"));
        IDataView view = _ml.Data.LoadFromEnumerable([new ColorImages.Row { Image = file }]);
        ITransformer standard = Standard("Image").Fit(view);

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(standard);

        AssertSame(standard.Transform(view), accelerated.Transform(view), "logits");
    }

    [Fact]
    public void Scopes_are_kept()
    {
        IDataView view = _images.Paths(_ml);
        ITransformer copy = _ml.Transforms.CopyColumns("TrainingOnly", "Number").Fit(view);
        var chain = new TransformerChain<ITransformer>(
            [copy, .. (IEnumerable<ITransformer>)Standard("Image").Fit(view)],
            [
                TransformerScope.Training,
                TransformerScope.Everything,
                TransformerScope.Everything,
                TransformerScope.Everything,
                TransformerScope.Everything,
            ]
        );

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(chain);

        Assert.Equal(2, accelerated.Count());
        Assert.Null(accelerated.Transform(view).Schema.GetColumnOrNull("TrainingOnly"));
        Assert.Contains(copy, accelerated.GetModelFor(TransformerScope.Training));
        Assert.DoesNotContain(copy, accelerated.GetModelFor(TransformerScope.Scoring));
    }

    [Fact]
    public void Steps_in_between_that_are_not_known_are_left_alone()
    {
        IDataView view = _images.Paths(_ml);
        ITransformer standard = _ml
            .Transforms.LoadImages("Loaded", "", "Image")
            .Append(_ml.Transforms.ConvertToGrayscale("Loaded"))
            .Append(_ml.Transforms.ResizeImages("Small", 12, 10, "Loaded"))
            .Append(_ml.Transforms.ExtractPixels("image", "Small"))
            .Append(_ml.Transforms.NormalizeMinMax("Number"))
            .Append(_ml.Transforms.ApplyOnnxModel("logits", "image", _model))
            .Fit(view);

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(standard);

        Assert.Equal(6, accelerated.Count());
        AssertSame(standard.Transform(view), accelerated.Transform(view), "logits");
    }

    [Fact]
    public void Several_inputs_and_ONNX_steps_are_all_found()
    {
        string several = _folder.Add(
            "several.onnx",
            SmallModels
                .Create(
                    [
                        OnnxValue.Create("logits", OnnxElementType.Float, -1, 3),
                        OnnxValue.Create("image", OnnxElementType.Float, -1, 3, 10, 12),
                    ],
                    [OnnxValue.Create("sum", OnnxElementType.Float, -1, 3)],
                    [
                        OnnxNode.Create(
                            "ReduceMean",
                            ["image"],
                            ["means"],
                            OnnxAttribute.Of("axes", 2L, 3L),
                            OnnxAttribute.Of("keepdims", 0L)
                        ),
                        OnnxNode.Create("Add", ["logits", "means"], ["sum"]),
                    ]
                )
                .ToBytes()
        );
        IDataView view = _images.Paths(_ml);
        ITransformer standard = Standard("Image").Append(_ml.Transforms.ApplyOnnxModel(["sum"], ["image", "logits"], several)).Fit(view);

        using TransformerChain<ITransformer> accelerated = _ml.Model.Accelerate(standard);

        Assert.Equal(2, accelerated.OfType<AcceleratedTransformer>().Count());
        AssertSame(standard.Transform(view), accelerated.Transform(view), "sum", "logits");
    }

    [Fact]
    public void A_model_without_ONNX_step_is_an_error_that_lists_its_steps()
    {
        IDataView view = _images.Paths(_ml);

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.Accelerate(_ml.Transforms.CopyColumns("A", "Image").Fit(view)));

        Assert.Contains("ColumnCopyingTransformer", error.Message, StringComparison.Ordinal);
    }

    private EstimatorChain<OnnxTransformer> Standard(string image) =>
        _ml
            .Transforms.LoadImages("Loaded", "", image)
            .Append(_ml.Transforms.ResizeImages("Small", 12, 10, "Loaded"))
            .Append(_ml.Transforms.ExtractPixels("image", "Small"))
            .Append(_ml.Transforms.ApplyOnnxModel("logits", "image", _model));

    private IDataView Keys() => _ml.Data.LoadFromEnumerable(ColorImages.Names.Select(name => new Name { Value = name }));

    private static void AssertSame(IDataView expected, IDataView actual, params string[] columns)
    {
        Assert.Equal(expected.Schema.Select(c => $"{c.Name} {c.Type}"), actual.Schema.Select(c => $"{c.Name} {c.Type}"));
        foreach (string column in columns)
        {
            float[][] theirs = [.. expected.GetColumn<float[]>(column)],
                ours = [.. actual.GetColumn<float[]>(column)];
            Assert.Equal(theirs.Length, ours.Length);
            for (int row = 0; row < ours.Length; row++)
                AssertNear(theirs[row], ours[row]);
        }
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    private sealed class Output
    {
        [ColumnName("logits")]
        public float[] Logits { get; set; } = [];
    }

    private sealed class Name
    {
        public string Value { get; set; } = "";
    }
}
