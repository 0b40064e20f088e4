namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>A temporary folder, with a sub-folder of drawn images for each shape where there are any.</summary>
internal sealed class ShapeFolder : IDisposable
{
    /// <param name="images">The number of images, of the shapes in turn.</param>
    /// <param name="isGray">Whether shapes differ by their brightness instead of their color.</param>
    public ShapeFolder(int images = 0, bool isGray = false)
    {
        for (int i = 0; i < images; i++)
        {
            string name = Shape.Names[i % Shape.Names.Length];
            Write($"photos/{name}/{i}.png", Shape.Png(name, i, isGray: isGray));
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("mlnetextensions-story-").FullName;

    /// <summary>The folder of the images.</summary>
    public string Photos => File("photos");

    /// <summary>The full path of a file.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, in a sub-folder where the name has one.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, byte[] content)
    {
        string path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
