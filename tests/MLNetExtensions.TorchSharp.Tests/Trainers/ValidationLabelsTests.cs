using Microsoft.ML;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>A validation set whose labels were mapped to keys apart from the training rows'.</summary>
public sealed class ValidationLabelsTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(24);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void Keys_in_another_order_mean_the_same_classes()
    {
        IDataView reversed = Keys(_images.Rows.Reverse());
        Assert.Equal(Accuracies(Keys(_images.Rows)), Accuracies(reversed));
        Assert.Equal(1, Accuracies(reversed)[^1]);
    }

    [Fact]
    public void Keys_of_fewer_classes_serve() => Assert.Equal(1, Accuracies(Keys(_images.Rows.Where(r => r.Label == "blue")))[^1]);

    [Fact]
    public void A_class_that_is_not_trained_is_refused_by_name()
    {
        IDataView more = Keys(_images.Rows.Append(new ColorImages.Row { Image = _images.Rows[0].Image, Label = "violet" }));
        foreach (Action<IDataView> fit in (Action<IDataView>[])[v => Accuracies(v), v => Cnn(v)])
        {
            string message = Assert.Throws<ArgumentException>(() => fit(more)).Message;
            Assert.Contains("'violet'", message, StringComparison.Ordinal);
            Assert.Contains("ValidationSet", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_label_of_another_type_is_refused()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(_images.Rows);
        Assert.Contains(
            "Schema mismatch for label column 'Label' of ValidationSet: expected Key",
            Assert.Throws<ArgumentOutOfRangeException>(() => Accuracies(texts)).Message,
            StringComparison.Ordinal
        );
        IDataView none = _ml.Transforms.DropColumns("Label").Fit(texts).Transform(texts);
        Assert.Contains(
            "Could not find label column 'Label' in ValidationSet",
            Assert.Throws<ArgumentOutOfRangeException>(() => Accuracies(none)).Message,
            StringComparison.Ordinal
        );
    }

    private double?[] Accuracies(IDataView validation)
    {
        using FineTuneTransformer model = _ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = SmallBackbone.Create(),
                    Threads = 1,
                    Seed = 1,
                    ValidationSet = validation,
                }
            )
            .Fit(Keys(_images.Rows));
        return [.. model.Result.History.Epochs.Select(e => e.ValidationAccuracy)];
    }

    private void Cnn(IDataView validation) =>
        _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = SmallCnn.Create,
                    Epochs = 1,
                    Threads = 1,
                    ValidationSet = validation,
                }
            )
            .Fit(Keys(_images.Rows))
            .Dispose();

    private IDataView Keys(IEnumerable<ColorImages.Row> rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows.ToArray());
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }
}
