using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Sessions;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Batches;

/// <summary>Scores are the same whether inputs and outputs are bound or handed over each time.</summary>
public sealed class IoBindingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("several values", 1)]
    [InlineData("several values", 3)]
    [InlineData("another dimension", 2)]
    [InlineData("fixed batch", 2)]
    [InlineData("different lengths", 2)]
    [InlineData("half floats", 2)]
    public void Scores_are_the_same_with_bound_batches(string model, int threads)
    {
        float[][] Score(bool ioBinding)
        {
            IDataView view = _ml.Data.LoadFromEnumerable(
                Enumerable
                    .Range(0, 1003)
                    .Select(i => new ScoreOnnxTensorTests.Row
                    {
                        A = [i, i + 1, -i],
                        B = i / 2f,
                        Id = i,
                    })
            );
            ScoreOnnxOptions options = model switch
            {
                "several values" => ScoreOnnxTensorTests.Several(),
                "another dimension" => Of(Negative(2, -1, 3), shape: [2, 3]),
                "fixed batch" => Of(Negative(4, 3)),
                "different lengths" => Of(Negative(-1, -1)),
                _ => Of(SmallModels.Identity(OnnxElementType.Float16, -1, 3)),
            };
            if (model is "another dimension")
                view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 103).Select(i => new Long { A = [i, 1, 2, 3, 4, -i] }));
            if (model is "different lengths")
                view = _ml.Data.LoadFromEnumerable(
                    Enumerable
                        .Range(0, 300)
                        .Select(i => new AnyLength { A = [.. Enumerable.Range(0, 1 + (i / 7 % 5)).Select(j => (float)(i + j))] })
                );
            options.SessionSettings = new OnnxSessionSettings { IoBinding = ioBinding, Threads = threads };
            options.BatchSize = model is "fixed batch" ? null : 16;
            using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(options).Fit(view);
            return [.. transformer.Transform(view).GetColumn<float[]>("y")];
        }

        float[][] passed = Score(ioBinding: false),
            bound = Score(ioBinding: true);
        Assert.NotEmpty(passed);
        Assert.Equal(passed, bound);
    }

    [Fact]
    public void Images_and_single_rows_are_scored_the_same()
    {
        using var images = new ColorImages(7);
        IDataView view = images.Paths(_ml);
        ScoreOnnxOptions Options(bool ioBinding) =>
            new()
            {
                Model = SmallModels.ChannelMeans(10, 12),
                Inputs =
                [
                    new OnnxInput
                    {
                        ColumnName = "Image",
                        Preprocessing = new ImagePreprocessing
                        {
                            Width = 12,
                            Height = 10,
                            CropFraction = 1,
                        },
                    },
                ],
                SessionSettings = new OnnxSessionSettings { IoBinding = ioBinding },
            };
        using ScoreOnnxTransformer passed = _ml.Transforms.ScoreOnnx(Options(false)).Fit(view),
            bound = _ml.Transforms.ScoreOnnx(Options(true)).Fit(view);
        float[][] expected = [.. passed.Transform(view).GetColumn<float[]>("logits")];

        Assert.Equal(expected, bound.Transform(view).GetColumn<float[]>("logits"));
        using PredictionEngine<ImagePath, Means> engine = _ml.Model.CreatePredictionEngine<ImagePath, Means>(bound);
        for (int round = 0; round < 2; round++)
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(
                expected[i],
                engine.Predict(new ImagePath { Image = images.Rows[i].Image }).Logits,
                (a, b) => MathF.Abs(a - b) < 1e-4f
            );
    }

    /// <summary>y = -x.</summary>
    private static OnnxGraph Negative(params long[] sizes) =>
        SmallModels.Create([Value("x", sizes)], [Value("y", sizes)], [OnnxNode.Create("Neg", ["x"], ["y"])]);

    private static OnnxValue Value(string name, long[] sizes)
    {
        int batch = Array.IndexOf(sizes, -1);
        return new OnnxValue(
            name,
            OnnxElementType.Float,
            [.. sizes.Select((size, i) => size >= 0 ? new OnnxDimension(size) : new OnnxDimension(null, i == batch ? "batch" : "length"))]
        );
    }

    private static ScoreOnnxOptions Of(OnnxGraph model, int[]? shape = null) =>
        new() { Model = model, Inputs = [new OnnxInput { ColumnName = "A", Shape = shape }] };

    private sealed class Long
    {
        [VectorType(6)]
        public float[] A { get; set; } = [];
    }

    private sealed class AnyLength
    {
        public float[] A { get; set; } = [];
    }

    private sealed class ImagePath
    {
        public string Image { get; set; } = "";
    }

    private sealed class Means
    {
        [ColumnName("logits")]
        public float[] Logits { get; set; } = [];
    }
}
