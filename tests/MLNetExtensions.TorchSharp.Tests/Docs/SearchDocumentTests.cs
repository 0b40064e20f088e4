using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Samplers;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/search.md.</summary>
public sealed class SearchDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(30);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_blocks_run()
    {
        string folder = Photos(),
            sweepFolder = Path.Combine(_folder.Path, "sweep"),
            csvFile = Path.Combine(_folder.Path, "trials.csv");

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder);

        var space = new SearchSpace<TrainNetworkOptions>(
            new TrainNetworkOptions // everything that is not searched
            {
                Network = new ResNet9 { Width = 4 },
                ImageColumnName = "ImagePath",
                Epochs = 9,
            }
        ).Range(o => o.LearningRate, 1e-4f, 1e-1f, logBase: true).Choice(o => o.BatchSize, 8, 16, 32);

        using SweepResult<TrainNetworkOptions> result = ml.MulticlassClassification.Sweep(
            photos,
            options =>
                ml.Transforms.Conversion.MapValueToKey("Label")
                    .Append(ml.MulticlassClassification.Trainers.TrainNetwork(options))
                    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            space,
            new SweepOptions
            {
                MaxTrials = 9,
                TimeBudget = TimeSpan.FromMinutes(20),
                Folder = sweepFolder,
            }
        );

        Console.WriteLine(result); // the best trials, and what mattered
        result.SaveCsv(csvFile);
        ITransformer model = result.Model;
        TrainNetworkOptions best = result.Best.Options; // train with them again: the same seed is inside

        Assert.Equal(9, result.Trials.Count);
        Assert.DoesNotContain(result.Trials, trial => trial.State == SweepTrialState.Failed);
        Assert.Equal(10, File.ReadAllLines(csvFile).Length);
        Assert.True(File.Exists(Path.Combine(sweepFolder, "best.zip")));
        Assert.NotNull(best.Seed);
        Assert.NotNull(model);
        Shapes(ml, photos);
    }

    [Fact]
    public void Heads_are_swept()
    {
        string folder = Photos(),
            backboneFile = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(backboneFile);

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder);
        using SweepResult<FineTuneOptions> heads = ml.MulticlassClassification.Sweep(
            photos,
            options => ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.FineTune(options)),
            SearchSpace
                .FromAttributes(
                    new FineTuneOptions
                    {
                        Backbone = Backbone.FromFile(backboneFile), // its features are made once, for all trials
                        ImageColumnName = "ImagePath",
                        Epochs = 27,
                    }
                )
                .Without(o => o.BackboneLearningRateMultiplier),
            new SweepOptions
            {
                MaxTrials = 6,
                Folds = 3,
                Metric = SweepMetric.LogLoss(),
            }
        );

        Assert.Equal(6, heads.Trials.Count);
        Assert.DoesNotContain(heads.Trials, trial => trial.State == SweepTrialState.Failed);
    }

    private static void Shapes(MLContext ml, IDataView photos)
    {
        var space = new SearchSpace<Shape>().Range(o => o.Width, 4, 16, logBase: true).Range(o => o.Rate, 1e-3f, 3e-2f, logBase: true);
        using SweepResult<Shape> shapes = ml.MulticlassClassification.Sweep(
            photos,
            (shape, run) =>
            {
                var options = new TrainNetworkOptions
                {
                    Network = new ResNet9 { Width = shape.Width },
                    LearningRate = shape.Rate,
                    ImageColumnName = "ImagePath",
                };
                run.ApplyTo(options);
                return ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.TrainNetwork(options));
            },
            space,
            new SweepOptions
            {
                MaxTrials = 4,
                Halving = new Halving { MaxEpochs = 6 },
                Sampler = new RandomSampler(),
            }
        );
        Assert.All(shapes.Trials, trial => Assert.Contains(trial.Best?.Epochs, new int?[] { 6 }));
    }

    private string Photos()
    {
        string folder = Path.Combine(_folder.Path, "photos");
        foreach (ColorImages.Row row in _images.Rows)
        {
            Directory.CreateDirectory(Path.Combine(folder, row.Label));
            File.Copy(row.Image, Path.Combine(folder, row.Label, Path.GetFileName(row.Image)));
        }
        return folder;
    }

    private sealed class Shape
    {
        public int Width { get; set; }
        public float Rate { get; set; }
    }
}
