/** A trained model whose answers another one learns from. */
import { softmaxRows } from '../core/logits.js'
import type { Classifier, Engine } from '../engine/engine.js'
import type { TeacherModel } from './host.js'
import { resolvePrecision } from './precision.js'

export class Teacher {
  private constructor(private readonly classifier: Classifier) {}

  /**
   * One that `checkTeacher` has passed. `batch` is the student's: a step's images are a group of their own, so that
   * the last bits of their targets do not depend on the other steps that are asked for along with it.
   */
  static async create(
    trained: TeacherModel,
    { engine, imageDType, batch }: { engine: Engine; imageDType: 'u8' | 'f32'; batch: number },
  ): Promise<Teacher> {
    const precision = resolvePrecision({ precision: 'auto' }, trained.graph, engine)
    const options = { scaling: trained.scaling, precision, imageDType, batch }
    const classifier = await engine.classifier(trained.graph, options)
    await classifier.load(await trained.readWeights())
    return new Teacher(classifier)
  }

  /** Probabilities [count, classes] of images, pixels 0 ... 255, of whole steps or of one that is smaller. */
  async targets(images: Uint8Array | Float32Array, count: number): Promise<Float32Array> {
    return softmaxRows(await this.classifier.logits(images, count), this.classifier.classes)
  }

  dispose(): void {
    this.classifier.dispose()
  }
}
