using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract.Trainers.FineTune;

/// <summary>Going on with a model that was trained before, also with other classes.</summary>
public sealed class WarmStartTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_run_of_tiny_steps_answers_as_the_model_before()
    {
        IDataView data = _images.Paths(_ml);
        using FineTuneTransformer first = Fit(SmallBackbone.Create(), data);
        using FineTuneTransformer second = Fit(
            Backbone.FromGraph(first.Model),
            data,
            o => (o.WarmStart, o.LearningRate, o.Epochs) = (true, 1e-9f, 1)
        );
        foreach ((float[] a, float[] b) in Scores(first, data).Zip(Scores(second, data)))
            Assert.Equal(a, b, (x, y) => MathF.Abs(x - y) < 1e-4f);
    }

    [Fact]
    public void A_class_is_known_by_its_name_among_new_ones()
    {
        IDataView two = Only("red", "green"),
            all = _images.Paths(_ml);
        using FineTuneTransformer first = Fit(SmallBackbone.Create(), two);
        using FineTuneTransformer second = Fit(
            Backbone.FromGraph(first.Model),
            all,
            o => (o.WarmStart, o.LearningRate, o.Epochs) = (true, 1e-9f, 1)
        );
        float[] before = first.Model.Initializers["head/weight"].ToFloats(),
            after = second.Model.Initializers["head/weight"].ToFloats();
        string[] old = Classes(two),
            now = Classes(all);
        Assert.Equal((2, 3), (old.Length, now.Length));
        foreach (string name in old)
            Assert.Equal(
                before[(Array.IndexOf(old, name) * 16)..][..16],
                after[(Array.IndexOf(now, name) * 16)..][..16],
                (a, b) => MathF.Abs(a - b) < 1e-4f * MathF.Max(1, MathF.Abs(a))
            );

        // Fewer classes than before: what was learned of the others is left out.
        using FineTuneTransformer third = Fit(Backbone.FromGraph(second.Model), Only("blue", "green"), o => o.WarmStart = true);
        Assert.Equal([2, 16], third.Model.Initializers["head/weight"].Shape);
        Assert.True(third.Result.History.Epochs[0].TrainLoss < Math.Log(2));
    }

    [Fact]
    public void Other_classes_and_other_networks_are_refused()
    {
        using FineTuneTransformer first = Fit(SmallBackbone.Create(), Only("red", "green"));
        string classes = Assert
            .Throws<ArgumentException>(() => Fit(Backbone.FromGraph(first.Model), Renamed(), o => o.WarmStart = true))
            .Message;
        Assert.Contains("none of the 3 classes", classes, StringComparison.Ordinal);
        Assert.Contains("red", classes, StringComparison.Ordinal);
        string network = Assert
            .Throws<ArgumentException>(() => Fit(SmallBackbone.Create(), _images.Paths(_ml), o => o.WarmStart = true))
            .Message;
        Assert.Contains("'small' is none", network, StringComparison.Ordinal);
    }

    private static string[] Classes(IDataView data)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private IDataView Only(params string[] names) => Keys(_images.Rows.Where(r => names.Contains(r.Label)));

    private IDataView Renamed() => Keys(_images.Rows.Select(r => new ColorImages.Row { Image = r.Image, Label = "new " + r.Label }));

    private IDataView Keys(IEnumerable<ColorImages.Row> rows)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(rows.ToArray());
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
    }

    private static IEnumerable<float[]> Scores(FineTuneTransformer model, IDataView data) =>
        [.. model.Transform(data).GetColumn<float[]>("Score")];

    private FineTuneTransformer Fit(Backbone backbone, IDataView data, Action<FineTuneOptions>? change = null)
    {
        FineTuneOptions options = new()
        {
            Backbone = backbone,
            CalibrateProbabilities = false,
            Seed = 1,
            Threads = 1,
            HeadDropout = 0,
            Precision = TrainingPrecision.Float32,
            Runtime = RuntimeUnderTest.Create(),
        };
        change?.Invoke(options);
        return _ml.FineTune(options).Fit(data);
    }
}
