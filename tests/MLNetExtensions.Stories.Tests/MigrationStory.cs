using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Stories.Tests.Drawing;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A program of ImageClassificationTrainer, as Microsoft's tutorial has it, after the trainer's line was replaced.</summary>
public sealed class MigrationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tutorials_program_runs_with_one_line_replaced()
    {
        var mlContext = new MLContext(seed: 1);
        IEnumerable<ImageData> images = LoadImagesFromDirectory(_folder.Photos);
        IDataView imageData = mlContext.Data.LoadFromEnumerable(images);
        IDataView shuffledData = mlContext.Data.ShuffleRows(imageData);
        var preprocessingPipeline = mlContext
            .Transforms.Conversion.MapValueToKey(inputColumnName: "Label", outputColumnName: "LabelAsKey")
            .Append(mlContext.Transforms.LoadRawImageBytes(outputColumnName: "Image", imageFolder: null, inputColumnName: "ImagePath"));
        IDataView preProcessedData = preprocessingPipeline.Fit(shuffledData).Transform(shuffledData);
        DataOperationsCatalog.TrainTestData trainSplit = mlContext.Data.TrainTestSplit(data: preProcessedData, testFraction: 0.3);

        var trainingPipeline = mlContext
            .MulticlassClassification.Trainers.FineTune(TinyNetwork.Backbone(), labelColumnName: "LabelAsKey", imageColumnName: "Image")
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer trainedModel = trainingPipeline.Fit(trainSplit.TrainSet);

        PredictionEngine<ModelInput, ModelOutput> predictionEngine = mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(
            trainedModel
        );
        ModelInput[] test = [.. mlContext.Data.CreateEnumerable<ModelInput>(trainSplit.TestSet, reuseRowObject: false)];
        Assert.NotEmpty(test);
        double accuracy = test.Average(image => predictionEngine.Predict(image).PredictedLabel == image.Label ? 1.0 : 0);
        Assert.True(accuracy > 0.8, $"accuracy {accuracy}");
        MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(
            trainedModel.Transform(trainSplit.TestSet),
            labelColumnName: "LabelAsKey"
        );
        Assert.Equal(accuracy, metrics.MicroAccuracy, 1e-9);
    }

    private static IEnumerable<ImageData> LoadImagesFromDirectory(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => new ImageData { ImagePath = file, Label = Directory.GetParent(file)!.Name });

    private sealed class ImageData
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class ModelInput
    {
        public byte[] Image { get; set; } = [];

        public uint LabelAsKey { get; set; }

        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class ModelOutput
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public string PredictedLabel { get; set; } = "";
    }
}
