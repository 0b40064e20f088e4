using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Serving;

/// <summary>A web application around a predictor.</summary>
internal static class Server
{
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(5);

    /// <summary>Serves until it is canceled.</summary>
    /// <returns>The exit code: 0, for to end it is what Ctrl-C is for.</returns>
    public static async Task<int> RunAsync(ServeRequest request, Terminal terminal, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{request.Host}:{request.Port}");
        builder.Services.AddVisionPredictor(options =>
        {
            options.ModelFile = request.ModelFile;
            options.ReloadInterval = ReloadInterval;
            options.SessionSettings.Threads = request.Threads;
        });
        builder.Services.AddHealthChecks().AddVisionPredictor();
        // Ctrl-C is the command line's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.MapPost(
                    "/predict",
                    (HttpRequest image, VisionPredictor predictor, CancellationToken canceled) =>
                        PredictAsync(image, predictor, request.Top, canceled)
                )
                .WithMetadata(new DisableRequestSizeLimitAttribute());
            app.MapHealthChecks("/health");
            await StartAsync(app, request, cancellation).ConfigureAwait(false);
            terminal.Out.WriteLine($"Serving {request.ModelFile}");
            terminal.Out.WriteLine($"Try it: curl --data-binary @photo.jpg {app.Urls.First()}/predict");
            await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        return ExitCode.Success;
    }

    private static async Task StartAsync(WebApplication app, ServeRequest request, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new UsageException(
                $"{request.Host}:{request.Port} cannot be listened on: {error.Message} --port names another port.",
                error
            );
        }
        catch (Exception error) when (error is InvalidDataException or MLNetExtensions.Onnx.OnnxFormatException)
        {
            throw new UsageException($"The model '{request.ModelFile}' cannot be used: {error.Message}", error);
        }
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, VisionPredictor predictor, int top, CancellationToken cancellation)
    {
        try
        {
            Stream? image = request.Body;
            if (request.HasFormContentType)
                image = (await request.ReadFormAsync(cancellation).ConfigureAwait(false)).Files.FirstOrDefault()?.OpenReadStream();
            if (image is null)
                return Results.Problem(
                    "Send a form with one file: curl -F file=@photo.jpg",
                    statusCode: 400,
                    title: "The form holds no file."
                );
            VisionPrediction prediction = await predictor.PredictAsync(image, cancellation).ConfigureAwait(false);
            var answer = new JsonObject
            {
                ["label"] = prediction.Label,
                ["score"] = prediction.Score,
                ["top"] = new JsonArray([
                    .. prediction.Top(top).Select(c => (JsonNode)new JsonObject { ["label"] = c.Label, ["score"] = c.Score }),
                ]),
            };
            return Results.Text(answer.ToJsonString(), "application/json");
        }
        catch (InvalidImageException error)
        {
            return Results.Problem(error.Reason, statusCode: error.IsTooLarge ? 413 : 400, title: "The image cannot be used.");
        }
        catch (InvalidDataException error)
        {
            return Results.Problem(error.Message, statusCode: 400, title: "The form cannot be read.");
        }
        catch (PredictorOverloadedException error)
        {
            request.HttpContext.Response.Headers.RetryAfter = $"{Math.Ceiling(error.RetryAfter.TotalSeconds)}";
            return Results.Problem(statusCode: 503, title: "Too many requests at the same time.");
        }
    }
}
