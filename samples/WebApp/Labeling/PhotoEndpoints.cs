using FineTuneSample;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebAppSample.Images;
using WebAppSample.Security;
using WebAppSample.Settings;
using WebAppSample.Storage;

namespace WebAppSample.Labeling;

/// <summary>The images and their labels.</summary>
internal static class PhotoEndpoints
{
    private const int ExamplesPerClass = 15;

    public static void MapPhotos(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder images = app.MapGroup("/api/images").WithTags("Images");
        images.MapGet("/", ListAsync).WithSummary("Lists stored images, the newest first.");
        images
            .MapGet("/{id:int}/file", FileAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Returns the file of a stored image.");
        images
            .MapGroup("")
            .AcceptsImage()
            .MapPost("/", AddAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces<PhotoAnswer>(StatusCodes.Status201Created)
            .Produces<PhotoAnswer>()
            .WithSummary("Stores an image; 200 if it is stored already.");
        images
            .MapPost("/examples", AddExamplesAsync)
            .RequireRateLimiting(Limits.Changes)
            .WithSummary("Stores labeled images of drawn shapes, to try the application with.");
        images
            .MapPut("/{id:int}/label", LabelAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Says the class of an image.");
        images
            .MapDelete("/{id:int}", DeleteAsync)
            .RequireRateLimiting(Limits.Changes)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Deletes an image.");
    }

    /// <param name="database">The database.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="label">The class of the images; null for all.</param>
    /// <param name="unlabeled">True for images without a class alone.</param>
    /// <param name="skip">The number of images to leave out at the start.</param>
    /// <param name="take">The largest number of images to return, at most 500.</param>
    private static async Task<List<PhotoAnswer>> ListAsync(
        AppDatabase database,
        CancellationToken cancellation,
        string? label = null,
        bool unlabeled = false,
        int skip = 0,
        int take = 100
    )
    {
        IQueryable<Photo> photos = database.Photos.AsNoTracking();
        if (unlabeled)
            photos = photos.Where(photo => photo.Label == null);
        else if (label is not null)
            photos = photos.Where(photo => photo.Label == label);
        List<Photo> found = await photos
            .OrderByDescending(photo => photo.Id)
            .Skip(Math.Max(0, skip))
            .Take(Math.Clamp(take, 1, 500))
            .ToListAsync(cancellation);
        return [.. found.Select(PhotoAnswer.Of)];
    }

    private static async Task<IResult> FileAsync(
        int id,
        HttpResponse response,
        AppDatabase database,
        DataFolder folder,
        CancellationToken cancellation
    )
    {
        if (!await database.Photos.AnyAsync(photo => photo.Id == id, cancellation))
            return NoImage(id);
        // A number is given once, and its file never changes.
        response.Headers.CacheControl = "private, max-age=86400, immutable";
        return TypedResults.PhysicalFile(folder.Image(id), "image/jpeg");
    }

    private static async Task<IResult> AddAsync(
        HttpRequest request,
        PhotoStore store,
        AppDatabase database,
        IOptions<WebAppOptions> options,
        CancellationToken cancellation,
        string? name = null,
        string? label = null
    )
    {
        if (await UnknownAsync(database, label, cancellation) is { } unknown)
            return unknown;
        byte[] image = await ImageBody.ReadAsync(request, options.Value.MaxImageBytes, cancellation);
        (Photo photo, bool isNew) = await store.AddAsync(image, name is { Length: > 0 } ? name : "image", label, cancellation);
        PhotoAnswer answer = PhotoAnswer.Of(photo);
        return isNew ? TypedResults.Created(answer.File, answer) : TypedResults.Ok(answer);
    }

    private static async Task<Ok<int>> AddExamplesAsync(PhotoStore store, AppDatabase database, CancellationToken cancellation)
    {
        // Other images each time.
        using var shapes = new ShapeImages(ExamplesPerClass, seed: Random.Shared.Next());
        int added = 0;
        int position = await database.Classes.MaxAsync(known => (int?)known.Position, cancellation) + 1 ?? 0;
        foreach (string folder in Directory.GetDirectories(shapes.Folder).Order(StringComparer.Ordinal))
        {
            string label = Path.GetFileName(folder);
            if (await database.Classes.FindAsync([label], cancellation) is null)
                database.Add(new PhotoClass { Name = label, Position = position++ });
            await database.SaveChangesAsync(cancellation);
            foreach (string file in Directory.GetFiles(folder))
            {
                byte[] image = await File.ReadAllBytesAsync(file, cancellation);
                (_, bool isNew) = await store.AddAsync(image, $"{label} {Path.GetFileName(file)}", label, cancellation);
                added += isNew ? 1 : 0;
            }
        }
        return TypedResults.Ok(added);
    }

    private static async Task<IResult> LabelAsync(int id, LabelRequest request, AppDatabase database, CancellationToken cancellation)
    {
        if (await UnknownAsync(database, request.Label, cancellation) is { } unknown)
            return unknown;
        int changed = await database
            .Photos.Where(photo => photo.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(photo => photo.Label, request.Label), cancellation);
        return changed > 0 ? TypedResults.NoContent() : NoImage(id);
    }

    private static async Task<IResult> DeleteAsync(int id, PhotoStore store, CancellationToken cancellation) =>
        await store.DeleteAsync(id, cancellation) ? TypedResults.NoContent() : NoImage(id);

    private static async Task<IResult?> UnknownAsync(AppDatabase database, string? label, CancellationToken cancellation) =>
        label is null || await database.Classes.AnyAsync(known => known.Name == label, cancellation)
            ? null
            : Results.Problem(
                $"There is no class '{label}'. Add it first: POST /api/classes.",
                statusCode: StatusCodes.Status400BadRequest,
                title: "The class is unknown."
            );

    private static IResult NoImage(int id) =>
        Results.Problem($"There is no image {id}.", statusCode: StatusCodes.Status404NotFound, title: "Not found.");
}
