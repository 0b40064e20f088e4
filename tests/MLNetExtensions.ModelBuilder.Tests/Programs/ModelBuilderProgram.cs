namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>A program as Model Builder makes it for a version of its configuration; it classifies the images that it is called with.</summary>
/// <param name="Version">The configuration's version.</param>
/// <param name="ProjectName">The name of its project file.</param>
/// <param name="Code">Program.cs.</param>
internal sealed record ModelBuilderProgram(int Version, string ProjectName, string Code)
{
    /// <summary>True for a web application, which is asked for /predict.</summary>
    public bool IsWeb => Code.Contains("WebApplication", StringComparison.Ordinal);

    public static IReadOnlyList<ModelBuilderProgram> All { get; } =
    [
        new(
            1,
            "MLModel1_ConsoleApp1",
            """
            using MLModel1_ConsoleApp1;

            foreach (string imagePath in args)
            {
                MLModel1.ModelInput sampleData = new MLModel1.ModelInput() { ImageSource = imagePath };
                var predictionResult = MLModel1.Predict(sampleData);
                Console.WriteLine($"{predictionResult.Prediction}|{String.Join(",", predictionResult.Score)}");
            }
            """
        ),
        new(
            2,
            "color sorter",
            """
            using Color_sorter;

            foreach (string imagePath in args)
            {
                var imageBytes = File.ReadAllBytes(imagePath);
                MLModel1.ModelInput sampleData = new MLModel1.ModelInput() { ImageSource = imageBytes };
                MLModel1.ModelOutput result = MLModel1.PredictEngine.Value.Predict(sampleData);
                Console.WriteLine($"{result.PredictedLabel}|{String.Join(",", result.Score)}");
            }
            """
        ),
        new(
            4,
            "MLModel1_ConsoleApp1",
            """
            using MLModel1_ConsoleApp1;
            using System.IO;

            foreach (string imagePath in args)
            {
                var imageBytes = File.ReadAllBytes(imagePath);
                MLModel1.ModelInput sampleData = new MLModel1.ModelInput()
                {
                    ImageSource = imageBytes,
                };
                var sortedScoresWithLabel = MLModel1.PredictAllLabels(sampleData);
                Console.WriteLine($"{sortedScoresWithLabel.First().Key}|{String.Join(",", sortedScoresWithLabel.OrderBy(s => s.Key).Select(s => s.Value))}");
            }
            """
        ),
        new(
            5,
            "MLModel1_WebApi1",
            """
            using Microsoft.AspNetCore.Builder;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.Extensions.ML;

            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddPredictionEnginePool<MLModel1.ModelInput, MLModel1.ModelOutput>()
                .FromFile("MLModel1.mlnet");
            builder.Services.AddEndpointsApiExplorer();
            var app = builder.Build();

            app.MapPost("/predict",
                async (PredictionEnginePool<MLModel1.ModelInput, MLModel1.ModelOutput> predictionEnginePool, string imagePath) =>
                {
                    var input = new MLModel1.ModelInput()
                    {
                        ImageSource = File.ReadAllBytes(imagePath),
                    };

                    return await Task.FromResult(predictionEnginePool.Predict(input));
                });

            app.Run();
            """
        ),
    ];
}
