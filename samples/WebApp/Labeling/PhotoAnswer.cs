using WebAppSample.Storage;

namespace WebAppSample.Labeling;

/// <summary>A stored image.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">The name that it was uploaded with.</param>
/// <param name="Label">Its class; null if it has none yet.</param>
/// <param name="Width">Its width in pixels, as stored.</param>
/// <param name="Height">Its height in pixels, as stored.</param>
/// <param name="File">The address of its file.</param>
public sealed record PhotoAnswer(int Id, string Name, string? Label, int Width, int Height, string File)
{
    internal static PhotoAnswer Of(Photo photo) =>
        new(photo.Id, photo.Name, photo.Label, photo.Width, photo.Height, $"/api/images/{photo.Id}/file");
}
