using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebAppSample.Security;
using WebAppSample.Settings;
using WebAppSample.Storage;

namespace WebAppSample.Training;

/// <summary>Training runs: start, progress, cancel.</summary>
internal static class TrainingEndpoints
{
    public static void MapTraining(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder runs = app.MapGroup("/api/runs").WithTags("Training");
        runs.MapPost("/", StartAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces<TrainingRun>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Trains a model on the labeled images, in the background; the model answers when it is done.");
        runs.MapGet("/events", Events)
            .Produces<RunProgress>(contentType: "text/event-stream")
            .WithSummary("Streams the progress of training as server-sent events named 'progress'.");
        runs.MapPost("/{id:int}/cancel", Cancel)
            .RequireRateLimiting(Limits.Changes)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Cancels a run.");
    }

    private static async Task<IResult> StartAsync(
        AppDatabase database,
        TrainingQueue queue,
        ProgressFeed feed,
        IOptions<WebAppOptions> options,
        CancellationToken cancellation
    )
    {
        Dictionary<string, int> classes = await database
            .Photos.Where(photo => photo.Label != null)
            .GroupBy(photo => photo.Label!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellation);
        int fewest = options.Value.MinImagesPerClass;
        if (classes.Count < 2 || classes.Values.Any(count => count < fewest))
            return Conflict(
                "There are too few labeled images.",
                $"Training needs two classes, and {fewest} images of each; there are "
                    + (classes.Count == 0 ? "none." : $"{string.Join(", ", classes.Select(known => $"{known.Value} of {known.Key}"))}.")
            );
        if (!queue.TryTake())
            return Conflict("A model is being trained.", "Wait until it is done, or cancel it.");
        TrainingRun run;
        try
        {
            run = new TrainingRun
            {
                Name = $"Trained on {classes.Values.Sum()} images, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC",
                Backbone = Path.GetFileNameWithoutExtension(options.Value.Backbone),
                State = RunState.Queued,
                CreatedAt = DateTime.UtcNow,
                Classes = classes.Count,
            };
            database.Add(run);
            await database.SaveChangesAsync(cancellation);
        }
        catch
        {
            queue.Release();
            throw;
        }
        feed.Publish(new RunProgress(run.Id, RunState.Queued, "waits to be started"));
        queue.Start(run.Id);
        return TypedResults.Accepted("/api/runs/events", run);
    }

    private static IResult Events(ProgressFeed feed, CancellationToken cancellation) =>
        TypedResults.ServerSentEvents(feed.ListenAsync(cancellation), eventType: "progress");

    private static IResult Cancel(int id, TrainingQueue queue) =>
        queue.Cancel(id)
            ? TypedResults.NoContent()
            : Results.Problem($"The run {id} neither waits nor trains.", statusCode: StatusCodes.Status404NotFound, title: "Not found.");

    private static IResult Conflict(string title, string detail) =>
        Results.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: title);
}
