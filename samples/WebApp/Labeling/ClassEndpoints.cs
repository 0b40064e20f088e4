using Microsoft.EntityFrameworkCore;
using WebAppSample.Security;
using WebAppSample.Storage;

namespace WebAppSample.Labeling;

/// <summary>The classes.</summary>
internal static class ClassEndpoints
{
    private const int MaxName = 60;
    private const int MaxClasses = 200;

    public static void MapClasses(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder classes = app.MapGroup("/api/classes").WithTags("Classes");
        classes.MapGet("/", ListAsync).WithSummary("Lists the classes in the order of their keys.");
        classes
            .MapPost("/", AddAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces<ClassAnswer>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Adds a class.");
        classes
            // A name may hold a slash, which a path would not carry.
            .MapDelete("/", DeleteAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Deletes a class that no image is labeled with.");
    }

    private static async Task<List<ClassAnswer>> ListAsync(AppDatabase database, CancellationToken cancellation)
    {
        Dictionary<string, int> images = await database
            .Photos.Where(photo => photo.Label != null)
            .GroupBy(photo => photo.Label!)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellation);
        List<string> names = await database.Classes.OrderBy(known => known.Position).Select(known => known.Name).ToListAsync(cancellation);
        return [.. names.Select(name => new ClassAnswer(name, images.GetValueOrDefault(name)))];
    }

    private static async Task<IResult> AddAsync(ClassRequest request, AppDatabase database, CancellationToken cancellation)
    {
        string name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
            return Results.Problem(
                $"A name has 1 to {MaxName} characters and no control characters.",
                statusCode: StatusCodes.Status400BadRequest,
                title: "The class has no usable name."
            );
        if (await database.Classes.AnyAsync(known => known.Name == name, cancellation))
            return Results.Problem(
                $"There is a class '{name}' already.",
                statusCode: StatusCodes.Status409Conflict,
                title: "The class exists."
            );
        int position = await database.Classes.MaxAsync(known => (int?)known.Position, cancellation) + 1 ?? 0;
        if (await database.Classes.CountAsync(cancellation) >= MaxClasses)
            return Results.Problem(
                $"At most {MaxClasses} are kept.",
                statusCode: StatusCodes.Status409Conflict,
                title: "Too many classes."
            );
        database.Add(new PhotoClass { Name = name, Position = position });
        await database.SaveChangesAsync(cancellation);
        return TypedResults.Created("/api/classes", new ClassAnswer(name, 0));
    }

    private static async Task<IResult> DeleteAsync(string name, AppDatabase database, CancellationToken cancellation)
    {
        if (await database.Photos.AnyAsync(photo => photo.Label == name, cancellation))
            return Results.Problem(
                $"Images are labeled with '{name}'. Give them other classes first.",
                statusCode: StatusCodes.Status409Conflict,
                title: "The class is in use."
            );
        return await database.Classes.Where(known => known.Name == name).ExecuteDeleteAsync(cancellation) > 0
            ? TypedResults.NoContent()
            : Results.Problem($"There is no class '{name}'.", statusCode: StatusCodes.Status404NotFound, title: "Not found.");
    }
}
