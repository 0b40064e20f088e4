using Microsoft.ML;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

/// <summary>Measures the process: no other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class FineTuneMemoryTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(12);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_thousand_predictions_keep_no_memory()
    {
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, _images.Paths(_ml).Schema);
        using var engine = _ml.Model.CreatePredictionEngine<Photo, ScoreOnly>(transformer);
        Predict(100);
        int handles = Handles();
        long memory = Environment.WorkingSet;

        Predict(1000);

        Assert.InRange(Handles() - handles, int.MinValue, 8);
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 40L << 20);

        void Predict(int count)
        {
            for (int i = 0; i < count; i++)
                engine.Predict(new Photo { Image = _images.Rows[i % 12].Image });
        }

        static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
    }

    private sealed class Photo
    {
        public string Image { get; set; } = "";
    }

    private sealed class ScoreOnly
    {
        public float[] Score { get; set; } = [];
    }
}
