using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A trained model is made smaller, compared with the original, and used in its place.</summary>
public sealed class SmallerModelsStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_quantized_model_is_compared_and_saved()
    {
        IDataView data = Data();
        using TrainNetworkTransformer model = Train(data, new TinyNetwork { Filters = 32 });

        CompressedModel int8 = _ml.Vision()
            .Quantize(
                model.Model,
                new QuantizeOptions
                {
                    CalibrationSet = data,
                    EvaluationSet = data,
                    ImageColumnName = "ImagePath",
                }
            );

        Assert.True(int8.Report.SizeRatio > 1.5, int8.Report.ToString());
        Assert.True(int8.Report.AccuracyAfter > int8.Report.AccuracyBefore - 0.1, int8.Report.ToString());
        using TrainedImageTransformer small = model.WithModel(int8.Model);
        string file = _folder.File("small.zip");
        _ml.Model.Save(small, data.Schema, file);
        uint[] original = Predicted(model, data),
            quantized = Predicted(new MLContext().Model.Load(file, out _), data);
        Assert.True(original.Zip(quantized).Count(pair => pair.First == pair.Second) >= 34);
    }

    [Fact]
    public void A_pruned_model_is_trained_on()
    {
        IDataView data = Data();
        using TrainNetworkTransformer model = Train(data, new TinyNetwork { Filters = 32 });

        CompressedModel pruned = _ml.Vision().Prune(model.Model, new PruneOptions { TargetMacsFraction = 0.5 });
        using TrainNetworkTransformer tuned = _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = _ => Backbone.FromGraph(pruned.Model).Graph,
                    ImageColumnName = "ImagePath",
                    Epochs = 5,
                    LearningRate = 0.01f,
                }
            )
            .Fit(data);

        Assert.InRange(pruned.Report.MacsAfter!.Value / (double)pruned.Report.MacsBefore!.Value, 0.3, 0.6);
        Assert.True(_ml.Vision().Report(tuned.Transform(data)).Accuracy > 0.8);
    }

    [Fact]
    public void Half_floats_score_nearly_the_same()
    {
        IDataView data = Data();
        using TrainNetworkTransformer model = Train(data, new TinyNetwork { Filters = 32 });

        CompressedModel half = _ml.Vision().ToFloat16(model.Model, new Float16Options { Mode = Float16Mode.Weights });

        using TrainedImageTransformer small = model.WithModel(half.Model);
        Assert.True(half.Report.SizeRatio > 1.5, half.Report.ToString());
        Assert.Equal(Predicted(model, data), Predicted(small, data));
    }

    private TrainNetworkTransformer Train(IDataView data, TinyNetwork network) =>
        _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = network,
                    ImageColumnName = "ImagePath",
                    Epochs = 15,
                    LearningRate = 0.01f,
                }
            )
            .Fit(data);

    private static uint[] Predicted(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<uint>("PredictedLabel")];

    private IDataView Data()
    {
        IDataView photos = _ml.Data.LoadFromImageFolder(_folder.Photos);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
    }
}
