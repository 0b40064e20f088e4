using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging;
using MLNetExtensions.ModelBuilder.Code;
using MLNetExtensions.ModelBuilder.Configuration;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.ModelBuilder.Training;

/// <summary>One training of a project: data, backbone, model, files.</summary>
internal sealed class ProjectRun(MLContext ml, ModelBuilderProject project, ModelBuilderTrainOptions options)
{
    private readonly IChannel _log = ((IHostEnvironment)ml).Register("ModelBuilder").Start(project.Name);

    /// <summary>True where the generated input class has the bytes of an image, false where it has its path.</summary>
    private bool AsBytes => project.Version >= 2;

    public ModelBuilderResult Run()
    {
        using (_log)
        using (var files = new StagedFiles(project.Folder))
        {
            Backbone backbone = ReadBackbone(files);
            (IDataView training, IDataView validation) = LoadImages();
            FineTuneOptions settings = Settings(backbone);

            long started = Stopwatch.GetTimestamp();
            TransformerChain<ITransformer> model = Fit(settings, training);
            try
            {
                TimeSpan duration = Stopwatch.GetElapsedTime(started);
                MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(validation));
                double score = Score(metrics);
                _log.Info(MessageSensitivity.None, "{0}", $"{project.Metric} on the validation images: {score:F4}");
                ml.Model.Save(model, FolderImages.InputSchema(ml, training), files.Add(project.ModelPath));
                WriteTexts(files, settings, score, duration, Trained(model));
                files.Commit();
                return new ModelBuilderResult(model, Trained(model).Result)
                {
                    Score = score,
                    Metric = project.Metric,
                    Metrics = metrics,
                    Duration = duration,
                    Backbone = backbone.Name,
                    Files = [.. files.Paths],
                };
            }
            catch
            {
                ((IDisposable)model).Dispose();
                throw;
            }
        }
    }

    private static FineTuneTransformer Trained(TransformerChain<ITransformer> model) => model.OfType<FineTuneTransformer>().Single();

    /// <summary>Chooses the backbone, and copies it beside the configuration, where the generated code reads it.</summary>
    private Backbone ReadBackbone(StagedFiles files)
    {
        string? source =
            options.BackboneFile
            ?? (options.BackboneFolder is { } folder ? BackboneChoice.Best(folder) ?? throw NoBackbone(folder) : null)
            ?? (File.Exists(project.BackbonePath) ? project.BackbonePath : BackboneChoice.Best(project.Folder));
        if (source is not null && Path.GetFullPath(source) == project.BackbonePath)
            return Read(source);
        string copy = files.Add(project.BackbonePath);
        if (source is not null)
            File.Copy(source, copy, overwrite: true);
        else
        {
            _log.Warning(
                MessageSensitivity.None,
                "{0}",
                "No backbone was given, so the small one of this library is trained, which saw images of 32 x 32 alone. For photos put one "
                    + $"of Backbone.Catalog beside '{project.ConfigPath}', such as MobileNetV2, or set BackboneFile."
            );
            using Stream own = typeof(ProjectRun).Assembly.GetManifestResourceStream("cifarnet_cifar10.onnx")!;
            using FileStream target = File.Create(copy);
            own.CopyTo(target);
        }
        return Read(copy);

        Backbone Read(string path) => Backbone.FromFile(path, options.Preprocessing, options.FeatureNode);
    }

    private static FileNotFoundException NoBackbone(string folder) =>
        new($"BackboneFolder '{folder}' has no file of Backbone.Catalog under its own name. Put one there, or set BackboneFile.");

    private (IDataView Training, IDataView Validation) LoadImages()
    {
        string folder = options.ImageFolder ?? project.ImageFolder;
        _log.Info(MessageSensitivity.None, "{0}", $"Images: '{folder}'");
        int seed = project.Seed ?? 1;
        IDataView training = FolderImages.Load(ml, folder, AsBytes);
        IDataView validation;
        if ((options.ValidationFolder ?? project.ValidationFolder) is { } validationFolder)
        {
            _log.Info(MessageSensitivity.None, "{0}", $"Validation images: '{validationFolder}'");
            validation = FolderImages.Load(ml, validationFolder, AsBytes);
            FolderImages.CheckClasses(training, validation, validationFolder);
        }
        else
        {
            DataSplit split = ml.Vision()
                .Split(training, project.ValidationFraction ?? ModelBuilderProject.DefaultValidationFraction, seed);
            (training, validation) = (split.TrainSet, split.TestSet);
        }
        return (project.Subsampling ? FolderImages.Sample(ml, training, options.SubsampleSize, seed) : training, validation);
    }

    private FineTuneOptions Settings(Backbone backbone) =>
        new()
        {
            Backbone = backbone,
            ImageColumnName = "ImageSource",
            UprightWhenSaved = !AsBytes,
            TrainableLayers = options.TrainableLayers,
            BalanceClasses = project.Metric == ModelBuilderMetric.MacroAccuracy,
            Seed = project.Seed,
            Runtime = options.Runtime,
            Progress = options.Progress,
            MaxInvalidImages = options.MaxInvalidImages,
        };

    private TransformerChain<ITransformer> Fit(FineTuneOptions settings, IDataView training)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        TimeSpan? time = options.TimeLimit ?? project.TimeLimit;
        if (time is { } allowed && allowed < ModelBuilderTrainOptions.LongestLimit)
            limit.CancelAfter(allowed);
        settings.CancellationToken = limit.Token;
        IEstimator<ITransformer>[] steps =
        [
            ml.Transforms.Conversion.MapValueToKey("Label", "Label"),
            ml.MulticlassClassification.Trainers.FineTune(settings),
            ml.Transforms.Conversion.MapKeyToValue("PredictedLabel", "PredictedLabel"),
        ];
        try
        {
            return steps.Aggregate(new EstimatorChain<ITransformer>(), (chain, step) => chain.Append(step)).Fit(training);
        }
        catch (InvalidImageException e) when (e.Path is null && e.InvalidImages.Count == 1)
        {
            throw FolderImages.WithPath(training, e);
        }
        catch (OperationCanceledException e) when (!options.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"The time limit of {time!.Value.TotalSeconds} s ended before the first epoch. Raise TrainingTime in '{project.ConfigPath}', "
                    + "or set TimeLimit.",
                e
            );
        }
    }

    private double Score(MulticlassClassificationMetrics metrics) =>
        project.Metric switch
        {
            ModelBuilderMetric.MacroAccuracy => metrics.MacroAccuracy,
            ModelBuilderMetric.LogLoss => metrics.LogLoss,
            ModelBuilderMetric.LogLossReduction => metrics.LogLossReduction,
            _ => metrics.MicroAccuracy,
        };

    private void WriteTexts(StagedFiles files, FineTuneOptions settings, double score, TimeSpan duration, FineTuneTransformer trained)
    {
        var values = new CodeValues
        {
            Version = project.Version,
            Name = project.Name,
            Namespace = options.CodeNamespace ?? project.CodeNamespace,
            ModelFile = Path.GetFileName(project.ModelPath),
            BackboneFile = Path.GetFileName(project.BackbonePath),
            Preprocessing = options.Preprocessing,
            FeatureNode = options.FeatureNode,
            Layers = settings.TrainableLayers,
            BalanceClasses = settings.BalanceClasses,
            Seed = settings.Seed,
        };
        File.WriteAllText(files.Add(project.ConsumptionPath), GeneratedCode.Consumption(values));
        File.WriteAllText(files.Add(project.TrainingPath), GeneratedCode.Training(values));
        var trial = new Trial(
            score,
            project.Metric,
            duration.TotalSeconds,
            settings.BatchSize,
            trained.Result.History.Epochs.Count,
            project.SavedModelPath
        );
        File.WriteAllBytes(files.Add(project.ConfigPath), project.ConfigWith(trial));
    }
}
