using FineTuneSample;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;

// Fine-tunes a small network on drawn images, makes it four times smaller with INT8, and shows what that costs.
//   dotnet run -c Release --project samples/Quantize [-- FOLDER]        a folder of photos: a sub-folder for each class
using ShapeImages? drawn = args.Length == 0 ? new ShapeImages(perClass: 80, seed: 1) : null;
string folder = drawn?.Folder ?? args[0];

var ml = new MLContext(seed: 1);
IDataView photos = ml.Data.ShuffleRows(ml.Data.LoadFromImageFolder(folder), seed: 1);
var split = ml.Data.TrainTestSplit(photos, testFraction: 0.25);
ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(split.TrainSet);
IDataView training = keys.Transform(split.TrainSet),
    test = keys.Transform(split.TestSet);

using FineTuneTransformer model = ml
    .MulticlassClassification.Trainers.FineTune(
        new FineTuneOptions
        {
            Backbone = Backbone.FromCatalog("cifarnet_cifar10"),
            ImageColumnName = "ImagePath",
            TrainableLayers = FineTuneLayers.All,
        }
    )
    .Fit(training);

CompressedModel int8 = ml.Vision()
    .Quantize(
        model.Model,
        new QuantizeOptions
        {
            CalibrationSet = training, // the ranges of values are taken from it
            EvaluationSet = test, // and accuracy is measured on rows that were not trained on
            ImageColumnName = "ImagePath",
        }
    );
Console.WriteLine(int8.Report);

using TrainedImageTransformer small = model.WithModel(int8.Model);
Console.WriteLine($"Accuracy in a pipeline, before: {Accuracy(model):P1}, after: {Accuracy(small):P1}");

double Accuracy(ITransformer transformer) => ml.MulticlassClassification.Evaluate(transformer.Transform(test)).MicroAccuracy;
