namespace WebAppSample.Labeling;

/// <summary>Images, classes, and which image is of which class.</summary>
internal static class LabelingEndpoints
{
    public static void MapLabeling(this IEndpointRouteBuilder app)
    {
        app.MapPhotos();
        app.MapClasses();
    }
}
