using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Reports;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Metrics;
using WebAppSample.Settings;
using WebAppSample.Storage;

namespace WebAppSample.Training;

/// <summary>Fine-tunes a model on the labeled images, measures it with those that it was not trained on, and writes both into its
/// folder.</summary>
internal sealed class TrainingJob(IOptions<WebAppOptions> options, DataFolder folder, ProgressFeed feed)
{
    private const int Seed = 1;

    /// <summary>The labeled images.</summary>
    public async Task<List<LabeledPhoto>> PhotosAsync(AppDatabase database, CancellationToken cancellation)
    {
        var photos = await database
            .Photos.Where(photo => photo.Label != null)
            .OrderBy(photo => photo.Id)
            .Select(photo => new { photo.Id, photo.Label })
            .ToListAsync(cancellation);
        return [.. photos.Select(photo => new LabeledPhoto { ImagePath = folder.Image(photo.Id), Label = photo.Label! })];
    }

    /// <summary>Trains, and notes the figures in the run.</summary>
    /// <exception cref="OperationCanceledException">It was canceled; nothing is left in the folder.</exception>
    public void Train(TrainingRun run, IReadOnlyList<LabeledPhoto> photos, CancellationToken cancellation)
    {
        string target = folder.Model(run.Id);
        Directory.CreateDirectory(target);
        try
        {
            Fit(run, photos, cancellation);
        }
        catch
        {
            Directory.Delete(target, recursive: true);
            throw;
        }
    }

    private void Fit(TrainingRun run, IReadOnlyList<LabeledPhoto> photos, CancellationToken cancellation)
    {
        feed.Publish(new RunProgress(run.Id, RunState.Running, $"reads {photos.Count} images"));
        // A context of its own: its log and its features are this run's.
        var ml = new MLContext(Seed) { TempFilePath = folder.Temporary };
        DataSplit split = ml.Vision().Split(ml.Data.LoadFromEnumerable(photos), options.Value.TestFraction, Seed);
        ITransformer keys = ml
            .Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(split.TrainSet);
        IDataView train = keys.Transform(split.TrainSet);
        var settings = new FineTuneOptions
        {
            Backbone = Open(options.Value.Backbone),
            ImageColumnName = nameof(LabeledPhoto.ImagePath),
            Epochs = options.Value.Epochs,
            Threads = options.Value.TrainingThreads,
            Seed = Seed,
            Progress = new RunObserver(run.Id, feed),
            CancellationToken = cancellation,
        };
        using FineTuneTransformer network = ml.MulticlassClassification.Trainers.FineTune(settings).Fit(train);
        // Where epochs have run, a canceled training gives the best model so far; the person has said that none is wanted.
        cancellation.ThrowIfCancellationRequested();
        ITransformer labels = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(train));
        var model = new TransformerChain<ITransformer>(keys, network, labels);

        feed.Publish(new RunProgress(run.Id, RunState.Running, "measures and saves the model", 0.95));
        string file = folder.ModelFile(run.Id, "model.zip");
        ml.Model.SaveAtomic(model, split.TrainSet.Schema, file);
        ClassificationReport report = ml.Vision()
            .WriteReport(
                model.Transform(split.TestSet),
                folder.ModelFile(run.Id, "report.html"),
                new HtmlReportOptions
                {
                    Title = run.Name,
                    Model = model,
                    ModelPath = file,
                    Training = network.Result,
                    TrainerOptions = settings,
                    Seed = Seed,
                    Cancellation = cancellation,
                }
            )
            .Classification!;
        run.ModelFile = Path.GetFileName(file);
        run.HasReport = true;
        run.Accuracy = report.Accuracy;
        run.TestImages = (int)report.Count;
        run.TrainImages = photos.Count - run.TestImages;
        run.Classes = photos.Select(photo => photo.Label).Distinct(StringComparer.Ordinal).Count();
    }

    private static Backbone Open(string name) =>
        name switch
        {
            "resnet18" => Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18"),
            "cifarnet" => Backbone.FromCatalog("cifarnet_cifar10"),
            _ => Backbone.FromFile(name),
        };
}
