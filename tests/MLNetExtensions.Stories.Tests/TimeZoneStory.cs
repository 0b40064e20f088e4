using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A run begins in one time zone, and goes on and is used in another.</summary>
public sealed class TimeZoneStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 24);
    private readonly MLContext _ml = new(seed: 1);
    private readonly string? _before = Environment.GetEnvironmentVariable("TZ");

    public void Dispose()
    {
        Enter(_before);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Pacific/Kiritimati", 14 * 60)]
    [InlineData("Asia/Kolkata", (5 * 60) + 30)]
    public void Nothing_changes_in_another_time_zone(string zone, int minutes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows takes no time zone from TZ.");
        Enter("UTC");
        using TrainNetworkTransformer whole = Train([], resumeFrom: null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        string checkpoints = _folder.File("checkpoints"),
            saved = _folder.File("model.zip");
        using TrainNetworkTransformer part = Train(
            [new CheckpointCallback(checkpoints), new CancelAfter(1, stop)],
            resumeFrom: null,
            stop.Token
        );
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        _ml.Model.SaveAtomic(whole, photos.Schema, saved);

        Enter(zone);
        Assert.SkipUnless(
            TimeZoneInfo.Local.GetUtcOffset(DateTime.UtcNow) == TimeSpan.FromMinutes(minutes),
            $"This system has no data of {zone}."
        );
        using TrainNetworkTransformer resumed = Train([], checkpoints, CancellationToken.None);

        Assert.NotNull(resumed.Result.History.ResumedFrom);
        Assert.Equal(whole.Model.ToBytes(), resumed.Model.ToBytes());
        Assert.Equal(Scores(whole, photos), Scores(new MLContext().Model.Load(saved, out _), photos));
    }

    private static void Enter(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }

    private static float[][] Scores(ITransformer model, IDataView photos) => [.. model.Transform(photos).GetColumn<float[]>("Score")];

    private TrainNetworkTransformer Train(TrainingCallback[] callbacks, string? resumeFrom, CancellationToken cancellation)
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        return _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 2,
                    Seed = 3,
                    Callbacks = callbacks,
                    ResumeFrom = resumeFrom,
                    CancellationToken = cancellation,
                }
            )
            .Fit(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos));
    }

    private sealed class CancelAfter(int epochs, CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            if (arguments.Run.History.Count == epochs)
                stop.Cancel();
        }
    }
}
