using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A pipeline that is saved as ML.NET's zip.</summary>
internal sealed class SaveKill : IKillKind
{
    // Fitted once a folder, so that most moments are those of saving.
    private (string Folder, ITransformer Model, DataViewSchema Input) _fitted;

    public string Name => "save";

    public bool Repeats => true;

    public string Work(KillPlace place)
    {
        MLContext ml = KillWork.Context(place);
        if (_fitted.Folder != place.Folder)
            _fitted = (place.Folder, KillWork.Head(ml, place), KillWork.Photos(ml, place).Schema);
        ml.Model.SaveAtomic(_fitted.Model, _fitted.Input, place.At("model.zip"));
        return Scores(place);
    }

    public void Read(KillPlace place)
    {
        if (File.Exists(place.At("model.zip")))
            _ = Scores(place);
    }

    private static string Scores(KillPlace place)
    {
        MLContext ml = KillWork.Context(place);
        ITransformer loaded = ml.Model.Load(place.At("model.zip"), out _);
        IEnumerable<float[]> scores = loaded.Transform(KillWork.Photos(ml, place)).GetColumn<float[]>("Score");
        string hash = KillWork.Hash([.. scores.SelectMany(row => row).SelectMany(BitConverter.GetBytes)]);
        (loaded as IDisposable)?.Dispose();
        return hash;
    }
}
