using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Tool.Data;

/// <summary>
/// Upright copies of photos that their camera turned: ML.NET reads files without their turns, and boxes and masks are those of the upright
/// photo. The copies go with this.
/// </summary>
internal sealed class UprightImages : IDisposable
{
    private readonly TemporaryFolder _folder = TemporaryFolder.In(Path.GetTempPath());

    /// <summary>The file itself where it is upright, or else a copy that is.</summary>
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    public string PathOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        using (SKData data = SKData.CreateCopy(file))
        using (SKCodec? codec = SKCodec.Create(data))
            if (codec is null || ExifOrientation.IsUpright(ExifOrientation.Of(codec, file)))
                return path;
        string upright = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.png");
        RasterImage.Load(path).Save(upright);
        return upright;
    }

    /// <summary>The rows with the paths of upright images.</summary>
    /// <exception cref="InvalidImageException">A turned image cannot be read.</exception>
    public IDataView Of(MLContext ml, IDataView images)
    {
        if (images.Schema.GetColumnOrNull("ImagePath") is null)
            return images;
        Dictionary<string, string> turned = ImageFiles
            .Texts(images, "ImagePath")
            .Distinct(StringComparer.Ordinal)
            .AsParallel()
            .Select(path => (Path: path, Upright: File.Exists(path) ? PathOf(path) : path))
            .Where(p => p.Upright != p.Path)
            .ToDictionary(p => p.Path, p => p.Upright);
        return turned.Count == 0
            ? images
            : ml
                .Transforms.CustomMapping<ImageFile, ImageFile>(
                    (from, to) => to.ImagePath = turned.GetValueOrDefault(from.ImagePath, from.ImagePath),
                    contractName: null
                )
                .Fit(images)
                .Transform(images);
    }

    public void Dispose() => _folder.Dispose();
}
