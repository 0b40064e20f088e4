using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace ModelBuilderApp;

/// <summary>The web application: POST a form with a file named image to /predict.</summary>
internal static class Api
{
    /// <summary>Builds the application.</summary>
    /// <param name="args">Settings, such as <c>--urls http://localhost:5000</c>.</param>
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        // Requests come together, and an engine serves one at a time.
        builder.Services.AddSingleton<ObjectPool<PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput>>>(
            new DefaultObjectPoolProvider().Create(new EnginePolicy())
        );
        WebApplication app = builder.Build();
        app.MapPost("/predict", PredictAsync).DisableAntiforgery();
        return app;
    }

    private static async Task<Dictionary<string, float>> PredictAsync(
        IFormFile image,
        ObjectPool<PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput>> engines,
        CancellationToken cancellation
    )
    {
        using var bytes = new MemoryStream();
        await image.CopyToAsync(bytes, cancellation);
        PredictionEngine<Shapes.ModelInput, Shapes.ModelOutput> engine = engines.Get();
        try
        {
            Shapes.ModelOutput output = engine.Predict(new Shapes.ModelInput { ImageSource = bytes.ToArray() });
            return Shapes.GetSortedScoresWithLabels(output).ToDictionary();
        }
        finally
        {
            engines.Return(engine);
        }
    }
}
