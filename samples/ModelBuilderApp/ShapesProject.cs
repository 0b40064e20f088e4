using System.Globalization;
using FineTuneSample;
using Microsoft.ML;
using MLNetExtensions.ModelBuilder;

namespace ModelBuilderApp;

/// <summary>What a developer does once: train the configuration.</summary>
internal static class ShapesProject
{
    /// <summary>Trains the copy of Shapes.mbconfig beside the program, and classifies an image by the generated class.</summary>
    public static void Train()
    {
        using var images = new ShapeImages(perClass: 60, seed: 1);
        ModelBuilderProject project = ModelBuilderProject.Open(Path.Combine(AppContext.BaseDirectory, "Shapes.mbconfig"));
        // Model Builder would read FolderPath; these images lie in a temporary folder.
        var options = new ModelBuilderTrainOptions { ImageFolder = images.Folder, CodeNamespace = nameof(ModelBuilderApp) };
        using ModelBuilderResult result = project.Train(new MLContext(1), options);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{project.Name}: {result.Metric} {result.Score:F3} after {result.Duration.TotalSeconds:F1} s, with {result.Backbone}"
            )
        );
        foreach (string file in result.Files)
            Console.WriteLine($"  {Path.GetFileName(file)}");

        string image = Directory.GetFiles(Path.Combine(images.Folder, "star"))[0];
        var input = new Shapes.ModelInput { ImageSource = File.ReadAllBytes(image) };
        Console.WriteLine($"The image of a star is classified as {Shapes.Predict(input).PredictedLabel}:");
        foreach ((string label, float score) in Shapes.PredictAllLabels(input))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label, -12}{score:F3}"));
    }
}
