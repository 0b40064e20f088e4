using MLNetExtensions.Data;
using MLNetExtensions.Serving;

namespace WebApiSample;

/// <summary>The web application: POST a picture to /predict; GET /health.</summary>
public static class Api
{
    /// <summary>Builds the application.</summary>
    /// <param name="args">Settings, such as <c>--VisionPredictor:ModelFile model.zip --VisionPredictor:MaxBatchSize 32</c>.</param>
    /// <param name="configure">Changes made for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddVisionPredictor().BindConfiguration("VisionPredictor");
        builder.Services.AddHealthChecks().AddVisionPredictor();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.MapPost("/predict", PredictAsync);
        app.MapHealthChecks("/health");
        return app;
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, VisionPredictor predictor, HttpResponse response, CancellationToken cancellation)
    {
        try
        {
            VisionPrediction prediction = await predictor.PredictAsync(request.Body, cancellation);
            return Results.Ok(new Answer(prediction.Label, prediction.Score, prediction.Top(5)));
        }
        catch (BadImageException error)
        {
            return Results.Problem(error.Reason, statusCode: StatusCodes.Status400BadRequest, title: "The picture cannot be used.");
        }
        catch (PredictorOverloadedException error)
        {
            response.Headers.RetryAfter = $"{Math.Ceiling(error.RetryAfter.TotalSeconds)}";
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many requests at the same time.");
        }
    }
}

/// <summary>What a client gets.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Score">Its probability.</param>
/// <param name="Top">The five most probable classes.</param>
public sealed record Answer(string? Label, float Score, IReadOnlyList<ClassScore> Top);
