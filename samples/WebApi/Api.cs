using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;

namespace WebApiSample;

/// <summary>The web application: POST an image to /predict, as the body or as a form's file; GET /health/live and /health/ready.</summary>
public static class Api
{
    /// <summary>Builds the application.</summary>
    /// <param name="args">Settings, such as <c>--VisionPredictor:ModelFile model.zip --VisionPredictor:MaxBatchSize 32</c>.</param>
    /// <param name="configure">Changes made for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddVisionPredictor().BindConfiguration("VisionPredictor");
        builder.Services.AddHealthChecks().AddVisionPredictor(timeout: TimeSpan.FromSeconds(5));
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        // The predictor's own limit, MaxEncodedBytes, is the one that counts: it reads no further, and says so.
        app.MapPost("/predict", PredictAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        // The process is there. Whoever restarts applications asks this: one that is busy must not be restarted.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        // The predictor answers. Whoever distributes requests asks this.
        app.MapHealthChecks("/health/ready");
        app.MapHealthChecks("/health");
        return app;
    }

    private static async Task<IResult> PredictAsync(
        HttpRequest request,
        VisionPredictor predictor,
        HttpResponse response,
        CancellationToken cancellation
    )
    {
        try
        {
            Stream? image = request.HasFormContentType ? await FormFile.OpenAsync(request, cancellation) : request.Body;
            if (image is null)
                return Results.Problem(
                    "Send a form with one file: curl -F file=@photo.jpg",
                    statusCode: StatusCodes.Status400BadRequest,
                    title: "The form holds no file."
                );
            VisionPrediction prediction = await predictor.PredictAsync(image, cancellation);
            return Results.Ok(new Answer(prediction.Label, prediction.Score, prediction.Top(5)));
        }
        catch (InvalidImageException error) when (error.IsTooLarge)
        {
            return Results.Problem(error.Reason, statusCode: StatusCodes.Status413PayloadTooLarge, title: "The image is too large.");
        }
        catch (InvalidImageException error)
        {
            return Results.Problem(error.Reason, statusCode: StatusCodes.Status400BadRequest, title: "The image cannot be used.");
        }
        catch (InvalidDataException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest, title: "The form cannot be read.");
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
