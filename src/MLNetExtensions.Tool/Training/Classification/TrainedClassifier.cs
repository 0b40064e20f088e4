using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Reports;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Evaluating;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training.Classification;

/// <summary>A trained pipeline: label to key, network, key to label.</summary>
internal sealed class TrainedClassifier : ITrainedModel
{
    private readonly ITransformer _pipeline;
    private readonly FineTuneTransformer _network;
    private readonly FineTuneOptions _options;
    private readonly DataViewSchema _input;

    private TrainedClassifier(ITransformer pipeline, FineTuneTransformer network, FineTuneOptions options, DataViewSchema input) =>
        (_pipeline, _network, _options, _input) = (pipeline, network, options, input);

    public TrainingHistory History => _network.Result.History;

    /// <summary>Trains one. Classes are in the order of their names.</summary>
    public static TrainedClassifier Fit(MLContext ml, ImageSet images, FineTuneOptions options)
    {
        ITransformer keys = ml
            .Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(images.Train);
        IDataView train = keys.Transform(images.Train);
        options.ValidationSet = images.Validation is null ? null : keys.Transform(images.Validation);
        FineTuneTransformer network = ml.MulticlassClassification.Trainers.FineTune(options).Fit(train);
        ITransformer labels = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(train));
        return new TrainedClassifier(new TransformerChain<ITransformer>(keys, network, labels), network, options, images.Train.Schema);
    }

    public void Save(MLContext ml, RunFolder run)
    {
        ml.Model.SaveAtomic(_pipeline, _input, run.Model);
        _network.ExportOnnx(run.OnnxModel);
    }

    public IRunMetrics Measure(MLContext ml, IDataView test, RunFolder run, bool writesReport)
    {
        IDataView scored = _pipeline.Transform(test);
        return Metrics.Of(
            writesReport
                ? ml.Vision()
                    .WriteReport(
                        scored,
                        run.Report,
                        new HtmlReportOptions
                        {
                            Title = run.Name,
                            Model = _pipeline,
                            ModelPath = run.Model,
                            OnnxPath = run.OnnxModel,
                            Training = _network.Result,
                            TrainerOptions = _options,
                            Seed = _options.Seed,
                            RepeatCommand = $"mlnetx rerun {run.Name}",
                        }
                    )
                    .Classification!
                : ml.Vision().Report(scored)
        );
    }

    public void Dispose() => _network.Dispose();
}
