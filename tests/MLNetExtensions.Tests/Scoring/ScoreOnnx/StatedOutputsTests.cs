using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Sessions;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

/// <summary>Outputs that are other than they look: of another shape than stated, an input as it is, a constant, asked for twice.</summary>
public sealed class StatedOutputsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public StatedOutputsTests() =>
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning && e.Source.StartsWith("Scoring", StringComparison.Ordinal))
                lock (_warnings)
                    _warnings.Add(e.RawMessage);
        };

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public void An_output_that_states_one_row_has_all(bool ioBinding, int? batchSize)
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, 1, 4)],
            [OnnxNode.Create("Relu", ["x"], ["y"])]
        );

        float[][] scores = Scores(model, "y", ioBinding, batchSize);

        Assert.Equal(Rows.Select(r => r.X.Select(v => Math.Max(v, 0)).ToArray()), scores);
        if (batchSize is null)
            Assert.Contains(
                "states other shapes for its outputs than they have: 'y' Float[1,4] comes as [rows,4]",
                Assert.Single(_warnings),
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_that_states_another_width_has_its_own(bool ioBinding)
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 7)],
            [OnnxNode.Create("Relu", ["x"], ["y"])]
        );

        Assert.Equal(Rows.Select(r => r.X.Select(v => Math.Max(v, 0)).ToArray()), Scores(model, "y", ioBinding, null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_input_that_is_an_output_too_keeps_its_values(bool ioBinding)
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4), OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxNode.Create("Relu", ["x"], ["y"])]
        );
        IDataView view = _ml.Data.LoadFromEnumerable(Rows);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model,
                    Outputs = [new OnnxOutput { Name = "y" }, new OnnxOutput { Name = "x", ColumnName = "same" }],
                    SessionSettings = new OnnxSessionSettings { IoBinding = ioBinding },
                }
            )
            .Fit(view);

        IDataView scored = transformer.Transform(view);

        Assert.Equal(Rows.Select(r => r.X), scored.GetColumn<float[]>("same"));
        Assert.Equal(Rows.Select(r => r.X.Select(v => Math.Max(v, 0)).ToArray()), scored.GetColumn<float[]>("y"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_that_is_asked_for_twice_is_there_twice(bool ioBinding)
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4)],
            [OnnxNode.Create("Relu", ["x"], ["y"])]
        );
        IDataView view = _ml.Data.LoadFromEnumerable(Rows);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model,
                    Outputs = [new OnnxOutput { Name = "y", ColumnName = "a" }, new OnnxOutput { Name = "y", ColumnName = "b" }],
                    SessionSettings = new OnnxSessionSettings { IoBinding = ioBinding },
                }
            )
            .Fit(view);

        IDataView scored = transformer.Transform(view);

        Assert.Equal(Rows.Select(r => r.X.Select(v => Math.Max(v, 0)).ToArray()), scored.GetColumn<float[]>("a"));
        Assert.Equal(scored.GetColumn<float[]>("a"), scored.GetColumn<float[]>("b"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_constant_output_has_its_values(bool ioBinding)
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("x", OnnxElementType.Float, -1, 4)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 4), OnnxValue.Create("c", OnnxElementType.Float, 2)],
            [OnnxNode.Create("Relu", ["x"], ["y"])],
            OnnxTensor.FromFloats("c", [2], [3, 4])
        );

        Assert.All(Scores(model, "c", ioBinding, null), row => Assert.Equal([3f, 4], row));
    }

    [Theory]
    [InlineData(17, 3)]
    [InlineData(9, 5)]
    public void A_model_in_training_mode_is_scored_for_inference(int opset, int outputs)
    {
        OnnxGraph training = NormalizingModel.Create(opset, outputs, isTraining: true),
            inference = NormalizingModel.Create(opset, 1, isTraining: false);
        ImageRow[] rows =
        [
            .. Enumerable
                .Range(0, 7)
                .Select(i => new ImageRow { X = [.. Enumerable.Range(0, 36).Select(k => MathF.Sin((i * 40) + k) * (i + 1))] }),
        ];
        IDataView view = _ml.Data.LoadFromEnumerable(rows);

        float[][] expected = Of(inference),
            actual = Of(training);

        Assert.Equal(expected, actual);
        Assert.Contains(
            "was exported in training mode: BatchNormalization 'y' would normalize by the batch",
            Assert.Single(_warnings),
            StringComparison.Ordinal
        );

        float[][] Of(OnnxGraph model)
        {
            using ScoreOnnxTransformer transformer = _ml
                .Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model, Outputs = [new OnnxOutput { Name = "y" }] })
                .Fit(view);
            return [.. transformer.Transform(view).GetColumn<float[]>("y")];
        }
    }

    private static Row[] Rows => [.. Enumerable.Range(0, 9).Select(i => new Row { X = [i, -i, 0.5f * i, -2] })];

    private float[][] Scores(OnnxGraph model, string output, bool ioBinding, int? batchSize)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(Rows);
        using ScoreOnnxTransformer transformer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = model,
                    BatchSize = batchSize,
                    SessionSettings = new OnnxSessionSettings { IoBinding = ioBinding },
                }
            )
            .Fit(view);
        return [.. transformer.Transform(view).GetColumn<float[]>(output)];
    }

    private sealed class Row
    {
        [ColumnName("x"), VectorType(4)]
        public float[] X { get; set; } = [];
    }

    private sealed class ImageRow
    {
        [ColumnName("x"), VectorType(4, 3, 3)]
        public float[] X { get; set; } = [];
    }
}
