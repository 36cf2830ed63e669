import type { errors as english } from '../en/errors.js'

export const errors: typeof english = {
  server: (words) => words,
  silent: 'Máy chủ không trả lời. `atelier serve` có còn chạy không?',
  status: (status, name) => `Máy chủ trả lời ${`${status} ${name}`.trim()}.`,
  noAnswer: 'Máy chủ không gửi câu trả lời nào.',
  noRecipes: 'Máy chủ không biết recipe nào.',
  noWorker: 'Trình duyệt không khởi động được worker để chạy mô hình.',
  notRun: (reason) => `Trình duyệt không chạy được mô hình: ${reason}`,
  noLogits: (model) => `${model} không có đầu ra "logits".`,
  brokenLink: 'Liên kết này không chứa ảnh: phần sau dấu # không đầy đủ.',
  badImage: (received) => `image: cần train:N, test:N hoặc own, nhưng nhận được ${received}`,
  noCanvas: 'Trình duyệt này không vẽ được ảnh.',
}
