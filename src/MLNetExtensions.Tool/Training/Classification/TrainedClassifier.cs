using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>A trained pipeline: label to key, network, key to label.</summary>
internal sealed class TrainedModel : IDisposable
{
    private readonly FineTuneTransformer _network;
    private readonly DataViewSchema _input;

    private TrainedModel(ITransformer transformer, FineTuneTransformer network, DataViewSchema input) =>
        (Transformer, _network, _input) = (transformer, network, input);

    /// <summary>From images with labels to images with Score and PredictedLabel.</summary>
    public ITransformer Transformer { get; }

    public TrainingHistory History => Result.History;

    public TrainingResult Result => _network.Result;

    /// <summary>Trains one. Classes are in the order of their names.</summary>
    public static TrainedModel Fit(MLContext ml, ImageSet images, FineTuneOptions options)
    {
        ITransformer keys = ml
            .Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(images.Train);
        IDataView train = keys.Transform(images.Train);
        options.ValidationSet = images.Validation is null ? null : keys.Transform(images.Validation);
        FineTuneTransformer network = ml.MulticlassClassification.Trainers.FineTune(options).Fit(train);
        ITransformer labels = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(network.Transform(train));
        return new TrainedModel(new TransformerChain<ITransformer>(keys, network, labels), network, images.Train.Schema);
    }

    /// <summary>Writes model.zip and model.onnx.</summary>
    public void Save(MLContext ml, RunFolder run)
    {
        ml.Model.SaveAtomic(Transformer, _input, run.Model);
        _network.ExportOnnx(run.OnnxModel);
    }

    public void Dispose() => _network.Dispose();
}
