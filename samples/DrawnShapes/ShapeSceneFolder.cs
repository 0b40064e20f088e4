using System.Text.Json.Nodes;
using SkiaSharp;

namespace DrawnShapes;

/// <summary>A temporary folder of drawn scenes: images, masks, and the objects' boxes in a COCO JSON file.</summary>
internal sealed class ShapeSceneFolder : IDisposable
{
    /// <param name="images">The number of scenes.</param>
    /// <param name="seed">The same seed draws the same scenes.</param>
    /// <param name="side">The images' width and height in pixels.</param>
    /// <param name="mostObjects">A scene has none to this many objects.</param>
    /// <param name="isEasy">True for scenes that small networks learn in seconds.</param>
    public ShapeSceneFolder(int images, int seed, int side = 160, int mostObjects = 8, bool isEasy = false)
    {
        Directory.CreateDirectory(Images);
        Directory.CreateDirectory(Masks);
        var random = new Random(seed);
        var scenes = new List<IReadOnlyList<DrawnObject>>();
        for (int i = 0; i < images; i++)
        {
            using var scene = new ShapeScene(side, mostObjects, random, isEasy);
            Write(scene.Image, Path.Combine(Images, Name(i)));
            Write(scene.Mask, Path.Combine(Masks, Name(i)));
            scenes.Add(scene.Objects);
        }
        File.WriteAllText(Coco, Annotations(scenes, side).ToJsonString());
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("scenes-").FullName;

    /// <summary>The folder of the images.</summary>
    public string Images => Path.Combine(Folder, "images");

    /// <summary>The folder of the masks: gray PNG files of class indices, with the names of the images.</summary>
    public string Masks => Path.Combine(Folder, "masks");

    /// <summary>The COCO JSON file.</summary>
    public string Coco => Path.Combine(Folder, "shapes.json");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Name(int image) => $"{image:0000}.png";

    private static void Write(SKBitmap bitmap, string path)
    {
        using FileStream file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }

    /// <summary>Images, boxes (left, top, width, height) and classes by their ids, as COCO lists them.</summary>
    private static JsonObject Annotations(List<IReadOnlyList<DrawnObject>> scenes, int side)
    {
        JsonArray images = [],
            categories = [],
            annotations = [];
        foreach ((int id, string name) in ShapeScene.Classes.Index())
            categories.Add(new JsonObject { ["id"] = id + 1, ["name"] = name });
        foreach ((int image, IReadOnlyList<DrawnObject> objects) in scenes.Index())
        {
            images.Add(
                new JsonObject
                {
                    ["id"] = image,
                    ["file_name"] = Name(image),
                    ["width"] = side,
                    ["height"] = side,
                }
            );
            foreach (DrawnObject drawn in objects)
                annotations.Add(
                    new JsonObject
                    {
                        ["id"] = annotations.Count + 1,
                        ["image_id"] = image,
                        ["category_id"] = drawn.Class + 1,
                        ["bbox"] = new JsonArray(drawn.Box.Left, drawn.Box.Top, drawn.Box.Width, drawn.Box.Height),
                        ["area"] = drawn.Box.Width * drawn.Box.Height,
                        ["iscrowd"] = 0,
                    }
                );
        }
        return new JsonObject
        {
            ["images"] = images,
            ["categories"] = categories,
            ["annotations"] = annotations,
        };
    }
}
