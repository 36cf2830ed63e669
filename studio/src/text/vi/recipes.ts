/** What the server says of models and of a recipe's values, in Vietnamese. */
import type { ModelName } from '../../../../src/models/names.js'
import type { RecipeField } from '../../../../src/server/recipe-fields.js'

export const titles: Readonly<Record<ModelName, string>> = {
  nn: 'một hidden layer',
  dnn: 'ba hidden layer, Batch Normalization',
  cnn: 'tích chập, Dropout, Batch Normalization, augmentation',
  resnet50: 'ResNet50',
}

export const fields: Readonly<Record<RecipeField, string>> = {
  epochs: 'Số lần việc huấn luyện đi qua toàn bộ ảnh huấn luyện.',
  batch:
    'Số ảnh mỗi bước. Batch lớn hơn thì ít bước hơn và ổn định hơn; learning rate khi đó có thể cao hơn.',
  precision:
    'Độ chính xác của các activation: f32, bf16 (nhanh hơn, nếu bộ xử lý có), hoặc auto, tức là bf16 ở nơi có.',
  holdOut:
    'Số ảnh huấn luyện để riêng cho validation: một tỷ lệ dưới 1, hoặc một số lượng. 0: không để riêng.',
  'pixels.mean': 'Giá trị này được trừ khỏi các điểm ảnh trong [0, 1].',
  'pixels.deviation': 'Sau đó các điểm ảnh được chia cho giá trị này.',
  'optimizer.kind':
    'Cách gradient trở thành bước đi: adam thích ứng với từng trọng số, sgd dùng cùng một tốc độ cho tất cả.',
  'optimizer.beta1': 'Adam nhớ các gradient trước đến mức nào, từ 0 đến 1.',
  'optimizer.beta2': 'Adam nhớ bình phương của các gradient trước đến mức nào, từ 0 đến 1.',
  'optimizer.epsilon': 'Giữ cho Adam không chia cho 0.',
  'optimizer.momentum': 'SGD nhớ các bước trước đến mức nào, từ 0 đến 1.',
  'optimizer.nesterov': 'SGD có nhìn trước theo đà của nó hay không.',
  'optimizer.weightDecay': 'Các trọng số bị kéo về 0 mạnh đến mức nào, để chống overfitting.',
  'schedule.kind':
    'Diễn biến của learning rate: constant, oneCycle (cosine lên rồi xuống) hoặc cosine (tuyến tính lên, cosine xuống).',
  'schedule.learningRate':
    'Learning rate cao nhất: độ lớn của một bước. Quá cao thì phân kỳ, quá thấp thì rất lâu.',
  'schedule.warmup': 'Tỷ lệ số bước mà learning rate còn tăng.',
  'schedule.final': 'Learning rate cuối cùng, theo tỷ lệ của mức cao nhất.',
  'schedule.restart':
    'Tỷ lệ số bước mà sau đó diễn biến bắt đầu lại từ đầu, hoặc danh sách nhiều tỷ lệ. 0: không bao giờ.',
  smoothing: 'Label smoothing: phần này của đích được chia đều cho mọi lớp, để mô hình không quá tự tin.',
  dropout: 'Tỷ lệ đơn vị bị bỏ ngẫu nhiên trong một bước; null: như trong mô hình.',
  zeroInitResidual:
    'Mỗi khối residual có bắt đầu chỉ với đường tắt hay không: mạng sâu nhờ vậy học nhanh hơn.',
  teacher:
    'Một mô hình đã huấn luyện để học theo, bên cạnh các nhãn; null: không có, hoặc một đối tượng JSON.',
  'teacher.model': 'Tên của nó, hoặc thư mục của lần chạy.',
  'teacher.share': 'Bao nhiêu phần của đích là câu trả lời của nó; phần còn lại là nhãn.',
  average: 'Hệ số của trung bình trượt các trọng số, sau đó thay thế chúng, ví dụ 0.999. 0: không dùng.',
  reestimate: 'Số batch để ước lượng lại thống kê của Batch Normalization ở cuối. 0: không ước lượng lại.',
  classWeights:
    'Loss của mỗi lớp được tính nặng đến mức nào: balanced (lớp hiếm được tính nặng hơn), hoặc một danh sách số, mỗi lớp một số; null: như nhau.',
  earlyStopping:
    'Kết thúc việc huấn luyện khi các ảnh để riêng cho thấy kết quả không tốt lên nữa; null: không có, hoặc một đối tượng JSON.',
  'earlyStopping.monitor': 'Theo dõi gì trên các ảnh để riêng: accuracy hoặc loss.',
  'earlyStopping.patience': 'Số epoch liên tiếp không tốt hơn mà sau đó việc huấn luyện kết thúc.',
  'earlyStopping.restoreBest': 'Giữ các trọng số của epoch tốt nhất, hay của epoch cuối cùng.',
  augmentation:
    'Những thay đổi ngẫu nhiên của ảnh, mới trong mỗi epoch; null: không có, hoặc một đối tượng JSON.',
  'augmentation.affine':
    'Xoay, thu phóng, xô nghiêng và dịch chuyển ngẫu nhiên; null: không có, hoặc một đối tượng JSON.',
  'augmentation.affine.rotation': 'Số độ, về cả hai phía.',
  'augmentation.affine.zoom': 'Mức thu phóng thấp nhất và cao nhất, mỗi trục riêng; trên 1 là thu nhỏ.',
  'augmentation.affine.shear': 'Số độ, về cả hai phía.',
  'augmentation.affine.shift': 'Tỷ lệ của chiều cao và chiều rộng, về cả hai phía.',
  'augmentation.translate': 'Số điểm ảnh, về cả hai phía.',
  'augmentation.translateUntil': 'Tỷ lệ số epoch mà ảnh bị dịch như vậy.',
  'augmentation.horizontalFlip':
    'Lật trái phải: none (không), random (ngẫu nhiên) hoặc alternate (đổi sau mỗi epoch).',
  'augmentation.verticalFlip': 'Xác suất lật ngược ảnh trên dưới.',
  'augmentation.erase': 'Một hình chữ nhật ngẫu nhiên bị che; null: không có, hoặc một đối tượng JSON.',
  'augmentation.erase.probability': 'Xác suất một ảnh bị che.',
  'augmentation.erase.area': 'Tỷ lệ diện tích nhỏ nhất và lớn nhất của ảnh.',
  'augmentation.erase.aspect': 'Tỷ số cạnh dài trên cạnh ngắn, tối đa.',
  'augmentation.erase.fill': 'Che bằng gì: zero (số 0) hoặc noise (nhiễu).',
  'augmentation.paste':
    'Một hình chữ nhật ngẫu nhiên cho thấy một ảnh huấn luyện khác (CutMix); null: không có, hoặc một đối tượng JSON.',
  'augmentation.paste.probability': 'Xác suất một ảnh được dán thêm ảnh khác.',
  'augmentation.paste.area': 'Tỷ lệ diện tích nhỏ nhất và lớn nhất của ảnh.',
  'augmentation.paste.aspect': 'Tỷ số cạnh dài trên cạnh ngắn, tối đa.',
  'augmentation.paste.after': 'Tỷ lệ số epoch đầu không dán ảnh.',
}
