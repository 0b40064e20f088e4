using Microsoft.ML;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Kills;

/// <summary>A head whose features and decoded images are cached for later runs.</summary>
internal sealed class CacheKill : IKillKind
{
    public string Name => "cache";

    public string Work(KillPlace place)
    {
        MLContext ml = KillWork.Context(place);
        using FineTuneTransformer model = KillWork.Head(ml, place, place.At("cache"));
        return KillWork.Hash(model.Model.ToBytes());
    }
}
