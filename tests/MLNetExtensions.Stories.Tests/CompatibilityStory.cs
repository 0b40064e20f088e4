using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>What was made with an earlier state of the library is used with this one: the files of tests/Compat.</summary>
public sealed class CompatibilityStory : IDisposable
{
    /// <summary>Names the folder of tests/Compat that the files of the present state are written to.</summary>
    private const string Switch = "MLNETX_WRITE_COMPAT";

    private const int Epochs = 6;

    // Processors and versions of libraries round in other ways.
    private const float Tolerance = 2e-3f,
        Int8Tolerance = 0.05f;

    private readonly ShapeFolder _work = new();
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> States =>
        [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "MLNetExtensions.slnx")))
                folder = Path.GetDirectoryName(folder);
            return Path.Combine(folder!, "tests", "Compat");
        }
    }

    public void Dispose() => _work.Dispose();

    [Theory]
    [MemberData(nameof(States))]
    public void A_saved_model_scores_as_it_did(string state)
    {
        ITransformer loaded = _ml.Model.Load(At(state, "saved.zip"), out _);

        AssertScores(At(state, "scores.csv"), Scores(loaded, state), Tolerance);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Exported_and_quantized_networks_score_as_they_did(string state)
    {
        foreach ((string file, float tolerance) in new[] { ("model.onnx", Tolerance), ("int8.onnx", Int8Tolerance) })
        {
            IDataView photos = Photos(state);
            using ScoreOnnxTransformer scorer = _ml
                .Transforms.ScoreOnnx(
                    new ScoreOnnxOptions { ModelFile = At(state, file), Inputs = [new OnnxInput { ColumnName = "ImagePath" }] }
                )
                .Fit(photos);
            string column = scorer.Transform(photos).Schema.Last(c => c.Type is VectorDataViewType { ItemType: NumberDataViewType }).Name;
            AssertScores(At(state, "scores.csv"), [.. scorer.Transform(photos).GetColumn<float[]>(column)], tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_checkpoint_goes_on(string state)
    {
        string checkpoints = Directory.CreateDirectory(_work.File("checkpoints")).FullName;
        File.Copy(At(state, "run.ckpt"), Path.Combine(checkpoints, "run.ckpt"));

        using TrainNetworkTransformer resumed = Train(state, checkpoints, []);

        Assert.NotNull(resumed.Result.History.ResumedFrom);
        Assert.Equal(Epochs, resumed.Result.History.Epochs.Count);
        AssertScores(At(state, "scores.csv"), Scores(resumed, state), tolerance: 0.02f);
    }

    [Fact]
    public void The_present_state_is_written_where_it_is_asked_for()
    {
        string? state = Environment.GetEnvironmentVariable(Switch);
        Assert.SkipWhen(state is null, $"{Switch}=NAME writes tests/Compat/NAME.");
        foreach (string shape in Shape.Names)
            for (int i = 0; i < 3; i++)
            {
                string photo = At(state, $"photos/{shape}/{i}.png");
                Directory.CreateDirectory(Path.GetDirectoryName(photo)!);
                File.WriteAllBytes(photo, Shape.Png(shape, i));
            }
        string checkpoints = _work.File("checkpoints");
        using TrainNetworkTransformer model = Train(state, null, [new CheckpointCallback(checkpoints) { MaxToKeep = Epochs }]);
        File.Copy(
            Directory.GetFiles(checkpoints).Order(StringComparer.Ordinal).ElementAt(Epochs / 2),
            At(state, "run.ckpt"),
            overwrite: true
        );
        _ml.Model.SaveAtomic(model, Photos(state).Schema, At(state, "saved.zip"));
        model.ExportOnnx(At(state, "model.onnx"));
        _ml.Vision()
            .Quantize(model.Model, new QuantizeOptions { CalibrationSet = Keyed(state), ImageColumnName = "ImagePath" })
            .Model.Save(At(state, "int8.onnx"));
        File.WriteAllLines(
            At(state, "scores.csv"),
            Scores(model, state).Select(row => string.Join(',', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))))
        );
    }

    private static string At(string state, string name) => Path.Combine(Root, state, name);

    private IDataView Photos(string state) => _ml.Data.LoadFromImageFolder(At(state, "photos"));

    private IDataView Keyed(string state)
    {
        IDataView photos = Photos(state);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
    }

    private TrainNetworkTransformer Train(string state, string? resumeFrom, TrainingCallback[] callbacks) =>
        _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork { Filters = 4 },
                    ImageColumnName = "ImagePath",
                    Epochs = Epochs,
                    LearningRate = 0.03f,
                    BatchSize = 3,
                    Threads = 1,
                    Seed = 1,
                    Precision = Training.TrainingPrecision.Float32,
                    Callbacks = callbacks,
                    ResumeFrom = resumeFrom,
                }
            )
            .Fit(Keyed(state));

    private float[][] Scores(ITransformer model, string state) => [.. model.Transform(Keyed(state)).GetColumn<float[]>("Score")];

    private static void AssertScores(string file, float[][] actual, float tolerance)
    {
        float[][] expected =
        [
            .. File.ReadAllLines(file).Select(line => line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray()),
        ];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], (a, b) => Math.Abs(a - b) <= tolerance);
    }
}
