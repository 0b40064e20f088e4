using System.Diagnostics;
using Microsoft.Extensions.Options;
using MLNetExtensions.Serving;
using WebAppSample.Images;
using WebAppSample.Models;
using WebAppSample.Security;
using WebAppSample.Settings;

namespace WebAppSample.Predicting;

/// <summary>Predictions, and the regions that they rest on.</summary>
internal static class PredictionEndpoints
{
    public static void MapPredicting(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("/api").WithTags("Predictions").AcceptsImage();
        group
            .MapPost("/predict", PredictAsync)
            .RequireRateLimiting(Limits.Predictions)
            .Produces<PredictionAnswer>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Predicts the class of an image.");
        group
            .MapPost("/explain", ExplainAsync)
            .RequireRateLimiting(Limits.Explanations)
            .Produces<ExplanationAnswer>()
            .WithSummary("Finds the regions of an image that its prediction rests on: about a hundred predictions.");
    }

    private static async Task<IResult> PredictAsync(
        HttpRequest request,
        VisionPredictor predictor,
        ModelSwitch models,
        IOptions<WebAppOptions> options,
        CancellationToken cancellation
    )
    {
        byte[] image = await ImageBody.ReadAsync(request, options.Value.MaxImageBytes, cancellation);
        long start = Stopwatch.GetTimestamp();
        _ = ImageHeader.Read(image, options.Value.MaxImagePixels);
        VisionPrediction prediction = await predictor.PredictAsync(image, cancellation);
        return TypedResults.Ok(
            new PredictionAnswer(
                prediction.Label,
                prediction.Score,
                prediction.Top(5),
                models.Of(prediction),
                Stopwatch.GetElapsedTime(start).TotalMilliseconds
            )
        );
    }

    private static async Task<IResult> ExplainAsync(
        HttpRequest request,
        OcclusionMap map,
        IOptions<WebAppOptions> options,
        CancellationToken cancellation
    )
    {
        byte[] image = await ImageBody.ReadAsync(request, options.Value.MaxImageBytes, cancellation);
        long start = Stopwatch.GetTimestamp();
        ImageHeader header = ImageHeader.Read(image, options.Value.MaxImagePixels);
        ExplanationAnswer answer = await map.ExplainAsync(image, header, cancellation);
        return TypedResults.Ok(answer with { Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds });
    }
}
