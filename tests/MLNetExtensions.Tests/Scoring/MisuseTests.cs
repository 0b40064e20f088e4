using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using Xunit;

namespace MLNetExtensions.Tests.Scoring;

/// <summary>What users do with scoring that cannot work, or works in another way: the messages say which.</summary>
public sealed class MisuseTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_view_that_is_read_after_dispose_says_what_was_disposed()
    {
        IDataView view = Rows(3);
        ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(view);
        IDataView scored = transformer.Transform(view);
        transformer.Dispose();

        string late = Assert.Throws<ObjectDisposedException>(() => scored.GetColumn<float>("sum").Count()).Message,
            again = Assert.Throws<ObjectDisposedException>(() => transformer.Transform(view)).Message;

        Assert.StartsWith(
            "The session of the model the graph 'graph' was disposed, but is still used. Its views read their rows only when they are "
                + "asked for: dispose it after them.",
            late,
            StringComparison.Ordinal
        );
        Assert.StartsWith("The ScoreOnnxTransformer of the model the graph 'graph' was disposed", again, StringComparison.Ordinal);
        Assert.Contains("OwnsTransformer = false", late, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_row_that_two_threads_score_is_an_error()
    {
        IDataView view = Rows(1);
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(view);
        using var waiting = new ManualResetEventSlim();
        using var going = new ManualResetEventSlim();
        using var input = new WaitingRow(view.Schema, waiting, going);
        using DataViewRow row = transformer.GetRowToRowMapper(view.Schema).GetRow(input, [transformer.GetOutputSchema(view.Schema)["sum"]]);
        ValueGetter<float> getter = row.GetGetter<float>(row.Schema["sum"]);
        Task<float> first = Task.Run(() => Get(getter));
        waiting.Wait(TestContext.Current.CancellationToken);

        string message = Assert.Throws<InvalidOperationException>(() => Get(getter)).Message;

        Assert.StartsWith(
            "One PredictionEngine, or one row of a mapper, is used by several threads at the same time",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("VisionPredictor", message, StringComparison.Ordinal);
        going.Set();
        Assert.Equal(9, await first);

        static float Get(ValueGetter<float> getter)
        {
            float value = 0;
            getter(ref value);
            return value;
        }
    }

    [Fact]
    public void A_model_that_fell_back_to_the_processor_is_saved_too()
    {
        // Where there is a GPU, or its library, this is another test and passes as well.
        var ml = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
        using var images = new ColorImages(4);
        IDataView view = images.Bytes(ml);
        using var trained = TinyClassifier.Transformer(ml, view.Schema);
        using var reloaded = new ReloadedModels();

        ITransformer loaded = reloaded.Of(ml, trained, view.Schema);

        Assert.Equal(trained.Transform(view).GetColumn<float[]>("Score"), loaded.Transform(view).GetColumn<float[]>("Score"));

        IDataView rows = Rows(3);
        using ScoreOnnxTransformer scorer = ml.Transforms.ScoreOnnx(ScoreOnnxTensorTests.Several()).Fit(rows);
        Assert.Equal(
            scorer.Transform(rows).GetColumn<float>("sum"),
            reloaded.Of(ml, scorer, rows.Schema).Transform(rows).GetColumn<float>("sum")
        );
    }

    [Fact]
    public async Task A_plain_ONNX_file_is_served_the_way_that_the_message_says()
    {
        using var images = new ColorImages(3);
        string plain = _folder.Add("plain.onnx", SmallModels.ChannelMeans(16, 16).ToBytes()),
            exported = Path.Combine(_folder.Path, "exported.onnx");

        string message = Assert.Throws<OnnxFormatException>(() => _ml.Model.CreateVisionPredictor(plain)).Message;
        Assert.Contains(
            "make a ScoreOnnx step of it with OnnxInput.Preprocessing and a ClassificationDecoding, and take the file that the fitted "
                + "step's ExportOnnx writes",
            message,
            StringComparison.Ordinal
        );

        IDataView view = images.Paths(_ml);
        using ScoreOnnxTransformer step = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = plain,
                    Inputs =
                    [
                        new OnnxInput
                        {
                            ColumnName = "Image",
                            Preprocessing = new ImagePreprocessing
                            {
                                Width = 16,
                                Height = 16,
                                CropFraction = 1,
                            },
                        },
                    ],
                    Decoding = new ClassificationDecoding { Labels = ["r", "g", "b"], ApplySoftmax = true },
                }
            )
            .Fit(view);
        step.ExportOnnx(exported);
        float[][] expected = [.. step.Transform(view).GetColumn<float[]>("Score")];

        using VisionPredictor predictor = _ml.Model.CreateVisionPredictor(exported);
        VisionPrediction prediction = await predictor.PredictAsync(images.Rows[0].Image, TestContext.Current.CancellationToken);

        Assert.Equal(expected[0].Select(s => MathF.Round(s, 4)), prediction.Scores.Select(s => MathF.Round(s, 4)));
        Assert.Contains(prediction.Label, new[] { "r", "g", "b" });
    }

    private IDataView Rows(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new ScoreOnnxTensorTests.Row { A = [i, 1, 2], B = 1 }));

    /// <summary>A row of [0, 1, 2] and 1 whose first value is waited for.</summary>
    private sealed class WaitingRow(DataViewSchema schema, ManualResetEventSlim waiting, ManualResetEventSlim going) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => 0;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = default;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)
                (Delegate)(
                    column.Name == "A"
                        ? (ValueGetter<VBuffer<float>>)(
                            (ref VBuffer<float> value) =>
                            {
                                waiting.Set();
                                going.Wait();
                                value = new VBuffer<float>(3, [0, 1, 2]);
                            }
                        )
                        : (ValueGetter<float>)((ref float value) => value = 1)
                );
    }
}
