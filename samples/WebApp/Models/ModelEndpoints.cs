using Microsoft.EntityFrameworkCore;
using WebAppSample.Security;
using WebAppSample.Storage;

namespace WebAppSample.Models;

/// <summary>The history of models: their reports, and which one answers.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder models = app.MapGroup("/api/models").WithTags("Models");
        models.MapGet("/", ListAsync).WithSummary("Lists the training runs and their models, the newest first.");
        models
            .MapPost("/{id:int}/activate", ActivateAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Makes a model answer from now on; no request is dropped.");
        models
            .MapGet("/{id:int}/report", ReportAsync)
            .Produces(StatusCodes.Status200OK, contentType: "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Returns the HTML report of a model over the images that it was not trained on.");
    }

    private static async Task<List<TrainingRun>> ListAsync(AppDatabase database, CancellationToken cancellation) =>
        await database.Runs.AsNoTracking().OrderByDescending(run => run.Id).Take(200).ToListAsync(cancellation);

    private static async Task<IResult> ActivateAsync(int id, ModelSwitch models, CancellationToken cancellation) =>
        await models.ActivateAsync(id, cancellation) ? TypedResults.NoContent() : NoModel(id);

    private static async Task<IResult> ReportAsync(int id, AppDatabase database, DataFolder folder, CancellationToken cancellation) =>
        await database.Runs.AnyAsync(run => run.Id == id && run.HasReport, cancellation)
            ? TypedResults.PhysicalFile(folder.ModelFile(id, "report.html"), "text/html; charset=utf-8")
            : NoModel(id);

    private static IResult NoModel(int id) =>
        Results.Problem(
            $"There is no model {id}, or it has no report. GET /api/models lists what there is.",
            statusCode: StatusCodes.Status404NotFound,
            title: "Not found."
        );
}
