using FineTuneSample;
using FirstModel;

// draw FOLDER             draws the images of the sample FineTune, 200 of them
// notebook FILE PROGRAM   writes the code cells of a notebook as a program
switch (args)
{
    case ["draw", string folder]:
        Draw(folder);
        return 0;
    case ["notebook", string file, string program]:
        File.WriteAllText(program, Notebook.ToProgram(File.ReadAllText(file)));
        return 0;
    default:
        Console.Error.WriteLine("Expected: draw FOLDER, or: notebook FILE PROGRAM.");
        return 2;
}

static void Draw(string folder)
{
    using var images = new ShapeImages(perClass: 50, seed: 1);
    foreach (string source in Directory.EnumerateFiles(images.Folder, "*", SearchOption.AllDirectories))
    {
        string target = Path.Combine(folder, Path.GetRelativePath(images.Folder, source));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(source, target);
    }
}
