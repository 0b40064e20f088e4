using System.Text.Json;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Reads annotations in VoTT's JSON format, which Model Builder's object detection takes.</summary>
internal static class VottAnnotations
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="options">The folder of the images, and the classes.</param>
    /// <param name="check">Looks at the boxes.</param>
    /// <exception cref="InvalidDataException">The file is not such JSON; the message names the place.</exception>
    public static LabeledImages Read(string path, LoadVottOptions options, BoxCheck check)
    {
        VottFile file = Parse(path);
        if (file.Assets is not { Count: > 0 } assets)
            throw Wrong(path, "it has no assets. Expected VoTT's JSON export: an object with assets and tags");
        ClassIndex tags = new([.. (file.Tags ?? []).Select(tag => tag?.Name ?? "")], $"'{path}'");
        ClassIndex classes = options.AskedClasses() ?? tags;
        List<LabeledImage> images = [];
        foreach ((string id, VottImage? image) in assets)
        {
            if (image?.Asset is not { } asset)
                throw Wrong(path, $"'{id}' of its assets has no asset");
            string imagePath = PathOf(path, id, asset, options.ImageFolder);
            List<ImageBox> boxes = [];
            var size = new ImageSize((int)(asset.Size?.Width ?? 0), (int)(asset.Size?.Height ?? 0));
            foreach (VottRegion? region in image.Regions ?? throw Wrong(path, $"'{asset.Name ?? id}' has no regions"))
            {
                string place = $"region '{region?.Id}' of '{asset.Name ?? id}'";
                if (region?.Tags is not [{ } tag])
                    throw Wrong(path, $"{place} has {region?.Tags?.Count ?? 0} tags. Expected one, the object's class");
                if (tags.Of(tag) is null)
                    throw Wrong(path, $"{place} has the tag '{tag}', which is none of the file's ({tags})");
                if (region.BoundingBox is not { Left: { } left, Top: { } top, Width: { } width, Height: { } height })
                    throw Wrong(path, $"{place} has no boundingBox. Expected left, top, width, height in pixels");
                int label = classes.Of(tag) ?? throw Wrong(path, $"{place} is of the class '{tag}', which is none of Classes ({classes})");
                check.Add(
                    boxes,
                    new ImageBox((float)left, (float)top, (float)(left + width), (float)(top + height), label),
                    size,
                    () => place
                );
            }
            images.Add(new LabeledImage(imagePath, boxes));
        }
        return new LabeledImages(images, classes.Names);
    }

    /// <summary>The image's file: where its address says, or else beside the JSON file, which may come from another machine.</summary>
    private static string PathOf(string path, string id, VottAsset asset, string? folder)
    {
        if (string.IsNullOrWhiteSpace(asset.Name) || asset.Name.Contains('\0', StringComparison.Ordinal))
            throw Wrong(path, $"'{id}' of its assets has no name");
        if (folder is not null)
            return Path.GetFullPath(Path.Combine(folder, asset.Name));
        string beside = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, asset.Name));
        if (asset.Path is null || !asset.Path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return beside;
        string named = Uri.UnescapeDataString(asset.Path["file:".Length..]);
        return Path.IsPathFullyQualified(named) && (File.Exists(named) || !File.Exists(beside)) ? Path.GetFullPath(named) : beside;
    }

    private static VottFile Parse(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, VottJson.Default.VottFile) ?? throw Wrong(path, "it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not VoTT's JSON: {e.Message}", e);
        }
    }

    private static InvalidDataException Wrong(string path, string what) => new($"'{path}': {what}.");
}
