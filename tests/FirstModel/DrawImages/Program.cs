using FineTuneSample;

// Draws the images of the sample FineTune, 200 of them, into a folder.
using var images = new ShapeImages(perClass: 50, seed: 1);
foreach (string source in Directory.EnumerateFiles(images.Folder, "*", SearchOption.AllDirectories))
{
    string target = Path.Combine(args[0], Path.GetRelativePath(images.Folder, source));
    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
    File.Copy(source, target);
}
